import { type BadRequest, changed, cup, json, line, quantity, text, lines } from './request.js';

const SHAPE = 'the schema says what an order is, and nothing else is one';
const OURS = 'we decide it, so a client that sends it believes something wrong';
const UNKNOWN = 'an unknown field is a misunderstanding, and it is cheaper to tell now';
const WHOLE = 'pieces are counted, and a rounded order is another order';

/** Fields and numbers. */
export const badFields: readonly BadRequest[] = [
  { what: 'no lines', send: lines(), answer: '400 invalid-request', because: SHAPE },
  {
    what: 'lines that are no list',
    send: changed({ lines: cup }),
    answer: '400 invalid-request',
    because: SHAPE,
  },
  { what: 'a line that is null', send: lines(null), answer: '400 invalid-request', because: SHAPE },
  {
    what: 'no payment method',
    send: json({ lines: [cup] }),
    answer: '400 invalid-request',
    because: SHAPE,
  },
  {
    what: 'a payment method of another kind',
    send: changed({ paymentMethod: 'tok_visa' }),
    answer: '400 invalid-request',
    because: 'tokens of cards are the gateway’s business',
  },
  { what: 'a list', send: json([]), answer: '400 invalid-request', because: SHAPE },
  { what: 'null', send: text('null'), answer: '400 invalid-request', because: SHAPE },
  { what: 'a text', send: text('"order"'), answer: '400 invalid-request', because: SHAPE },

  {
    what: 'a price in a line',
    send: line({ unitPrice: { amount: '1', currency: 'EUR' } }),
    answer: '400 invalid-request',
    because: OURS,
  },
  {
    what: 'a total',
    send: changed({ total: { amount: '1', currency: 'EUR' } }),
    answer: '400 invalid-request',
    because: OURS,
  },
  {
    what: 'a discount',
    send: changed({ discount: '100%' }),
    answer: '400 invalid-request',
    because: OURS,
  },
  {
    what: 'a status',
    send: changed({ status: 'paid' }),
    answer: '400 invalid-request',
    because: OURS,
  },
  {
    what: 'a customer',
    send: changed({ customerId: '0190a6b2-6f00-7000-8000-000000000001' }),
    answer: '400 invalid-request',
    because: OURS,
  },
  {
    what: 'an id',
    send: changed({ id: '0190a6b2-6f00-7000-8000-000000000001' }),
    answer: '400 invalid-request',
    because: OURS,
  },
  {
    what: 'a constructor',
    send: changed({ constructor: { prototype: { admin: true } } }),
    answer: '400 invalid-request',
    because: UNKNOWN,
  },
  {
    what: 'the name of a method every object has',
    send: changed({ toString: 'x', hasOwnProperty: 'x' }),
    answer: '400 invalid-request',
    because: UNKNOWN,
  },
  {
    what: '__proto__',
    send: text('{"__proto__":{"admin":true},"lines":[],"paymentMethod":"pm_x"}'),
    answer: '400 malformed-request',
    because: 'no honest client names a field so, and some code would follow it',
  },
  {
    what: '__proto__, escaped, in a line',
    send: text('{"lines":[{"\\u005f_proto__":{}}],"paymentMethod":"pm_x"}'),
    answer: '400 malformed-request',
    because: 'it is the same name',
  },

  { what: 'quantity 0', send: quantity('0'), answer: '400 invalid-request', because: SHAPE },
  { what: 'quantity -0', send: quantity('-0'), answer: '400 invalid-request', because: SHAPE },
  {
    what: 'quantity -1',
    send: quantity('-1'),
    answer: '400 invalid-request',
    because: 'money would flow the other way',
  },
  { what: 'quantity 0.5', send: quantity('0.5'), answer: '400 invalid-request', because: WHOLE },
  {
    what: 'quantity 1e309',
    send: quantity('1e309'),
    answer: '400 invalid-request',
    because: 'it reads as infinity',
  },
  {
    what: 'quantity "2"',
    send: quantity('"2"'),
    answer: '400 invalid-request',
    because: 'a text is not a number; guessing hides a fault of the client',
  },
  {
    what: 'quantity 2^53 + 1',
    send: quantity('9007199254740993'),
    answer: '400 invalid-request',
    because: 'readers of JSON disagree about what number that is',
  },
  {
    what: 'quantity 2^31',
    send: quantity('2147483648'),
    answer: '400 invalid-request',
    because: SHAPE,
  },
  { what: 'quantity true', send: quantity('true'), answer: '400 invalid-request', because: SHAPE },
  { what: 'quantity null', send: quantity('null'), answer: '400 invalid-request', because: SHAPE },
  {
    what: 'quantity 1e2',
    send: quantity('1e2'),
    answer: '201',
    because: 'it is a way to write a hundred, and JSON knows only one kind of number',
  },
  {
    what: 'quantity NaN',
    send: quantity('NaN'),
    answer: '400 malformed-request',
    because: 'JSON has no such number',
  },
  {
    what: 'quantity 010',
    send: quantity('010'),
    answer: '400 malformed-request',
    because: 'eight or ten? JSON has no such number',
  },
];
