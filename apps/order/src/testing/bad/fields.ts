import {
  type BadInput,
  rowsAnswered,
  changed,
  cup,
  json,
  line,
  lines,
  quantity,
  text,
  total,
} from './request.js';

const AN_ID = '0190a6b2-6f00-7000-8000-000000000001';
const row = rowsAnswered('400 invalid-request');
const written = (number: string, answer?: string) =>
  row(`quantity ${number}`, quantity(number), answer);

/** Fields and numbers. */
export const badFields: readonly BadInput[] = [
  {
    number: 'B09',
    name: 'a price, a total or a discount',
    because: 'the catalogue has the prices: a client that sends one believes something wrong',
    requests: [
      row('a price in a line', line({ unitPrice: { amount: '1', currency: 'EUR' } })),
      row('a total', changed({ total: { amount: '1', currency: 'EUR' } })),
      row('a discount', changed({ discount: '100%' })),
    ],
  },
  {
    number: 'B10',
    name: 'a status, a customer or an id',
    because: 'we decide it, and an unknown field is a misunderstanding that is cheaper told now',
    requests: [
      row('a status', changed({ status: 'paid' })),
      row('a customer', changed({ customerId: AN_ID })),
      row('an id', changed({ id: AN_ID })),
    ],
  },
  {
    number: 'B11',
    name: 'names that every object has',
    because: 'no honest client names a field so, and some code would follow it',
    requests: [
      row('a constructor', changed({ constructor: { prototype: { admin: true } } })),
      row('the names of methods', changed({ toString: 'x', hasOwnProperty: 'x' })),
      row(
        '__proto__',
        text('{"__proto__":{"admin":true},"lines":[],"paymentMethod":"pm_x"}'),
        '400 malformed-request',
      ),
      row(
        '__proto__, escaped, in a line',
        text('{"lines":[{"\\u005f_proto__":{}}],"paymentMethod":"pm_x"}'),
        '400 malformed-request',
      ),
      row('a product called constructor', line({ sku: 'constructor' }), '422 unknown-product'),
    ],
  },
  {
    number: 'B12',
    name: 'a quantity of 0',
    because: 'an order of nothing is none',
    requests: [written('0'), written('-0'), written('0.0'), written('0e5')],
  },
  {
    number: 'B13',
    name: 'less than nothing',
    because: 'money would flow the other way',
    requests: [written('-1'), row('an amount of -4200', total('-4200', 'EUR'))],
  },
  {
    number: 'B14',
    name: 'a quantity that is not whole, or would be rounded to be so',
    because: 'pieces are counted, and a rounded order is another order',
    requests: [
      written('0.5'),
      written('0.9999999999999999999'),
      written('1.00000000000000000000000001'),
      written('1e-400'),
      written(`1.${'0'.repeat(50)}`),
      {
        ...written('1e2', '201'),
        because: 'it is a way to write a hundred, and JSON knows only one kind of number',
      },
      { ...written('3.0', '201'), because: 'it is three, and nothing of it is lost' },
    ],
  },
  {
    number: 'B15',
    name: 'a number that there is not',
    because: 'JSON has no such number, or it would read as infinity',
    requests: [
      written('1e309'),
      written('-1e309'),
      written('NaN', '400 malformed-request'),
      written('Infinity', '400 malformed-request'),
      written('0x10', '400 malformed-request'),
      written('010', '400 malformed-request'),
      written('+1', '400 malformed-request'),
      written('1_000', '400 malformed-request'),
    ],
  },
  {
    number: 'B16',
    name: 'a field that is missing, or of another type',
    because: 'the schema says what an order is; guessing would hide a fault of the client',
    requests: [
      written('"2"'),
      written('true'),
      written('null'),
      row('lines that are no list', changed({ lines: cup })),
      row('a line that is null', lines(null)),
      row('no payment method', json({ lines: [cup] })),
      row('a payment method of another kind', changed({ paymentMethod: 'tok_visa' })),
      row('half an amount of money', changed({ expectedTotal: { amount: '4200' } })),
      row('an amount that is a number', total(4200, 'EUR')),
      row('a list', json([])),
      row('null', text('null')),
      row('a text', text('"order"')),
    ],
  },
  {
    number: 'B17',
    name: 'an integer above 2^53',
    because: 'readers of JSON disagree about what number that is',
    requests: [written('9007199254740993'), written('9007199254740992'), written('1e16')],
  },
  {
    number: 'B18',
    name: 'a quantity above the largest',
    because: 'more than 100,000 of one thing is a mistake of the finger, or somebody who phones',
    requests: [written('2147483648'), written('100001')],
  },
];
