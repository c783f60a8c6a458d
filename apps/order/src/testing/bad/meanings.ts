import { type BadInput, cup, line, lines, rowsAnswered, total } from './request.js';

const CHANGED = '409 price-changed';
const row = rowsAnswered('400 invalid-request');
const five = ['espresso-cup', 'coffee-beans', 'hand-mill', 'milk-jug', 'recipe-book'];
const product = (sku: string, change: string, back: string) => ({
  changes: `UPDATE products SET ${change} WHERE sku = '${sku}'`,
  returns: `UPDATE products SET ${back} WHERE sku = '${sku}'`,
});
const CENTS = product('recipe-book', 'unit_price = 49', 'unit_price = 1650');

/** Lines, products and money: what is understood, and still cannot be done. */
export const badMeanings: readonly BadInput[] = [
  {
    number: 'B19',
    name: 'a total that grows over many lines',
    because: 'sums are exact, and the limit is looked at once, at the end',
    requests: [
      row(
        'five lines of 100,000 pieces',
        lines(...five.map((sku) => ({ sku, quantity: 100_000 }))),
        '422 total-too-large',
      ),
    ],
  },
  {
    number: 'B20',
    name: 'no lines, or too many',
    because: 'an order of nothing is none, and more than a page is a program gone wrong',
    requests: [
      row('no lines', lines()),
      row('51 lines', lines(...Array.from({ length: 51 }, () => cup))),
      {
        ...row(
          '10,001 lines',
          lines(...Array.from({ length: 10_001 }, () => cup)),
          '413 too-large',
        ),
        because: 'it is refused by its size, before anybody counts',
      },
    ],
  },
  {
    number: 'B21',
    name: 'a product twice',
    because: 'two of them, or a double click? The client says it in one line',
    requests: [row('a product in two lines', lines(cup, cup), '422 repeated-product')],
  },
  {
    number: 'B22',
    name: 'a product that is not there',
    because: 'one product has one name',
    requests: [
      row('a product that nobody sells', line({ sku: 'tea-pot' }), '422 unknown-product'),
      row('a product in capitals', line({ sku: 'Espresso-Cup' })),
      row('a product without a name', line({ sku: '' })),
    ],
  },
  {
    number: 'B23',
    name: 'a product, or a price, of yesterday',
    because: 'the catalogue of this moment counts, and the customer agreed to another price',
    requests: [
      {
        ...row('a product taken off the shelf', line({ sku: 'milk-jug' }), '422 unknown-product'),
        catalogue: {
          changes: "UPDATE products SET sku = 'milk-jug-of-yesterday' WHERE sku = 'milk-jug'",
          returns: "UPDATE products SET sku = 'milk-jug' WHERE sku = 'milk-jug-of-yesterday'",
        },
      },
      {
        ...row('the total before a price rose', total('4200', 'EUR'), CHANGED),
        catalogue: product('espresso-cup', 'unit_price = 2200', 'unit_price = 2100'),
      },
      row('a total that never was', total('4100', 'EUR'), CHANGED),
    ],
  },
  {
    number: 'B24',
    name: 'another currency, or two in one order',
    because: 'an order is one charge in the currency of the catalogue, and nothing is converted',
    requests: [
      row('a currency that is none', total('4200', 'XTS'), CHANGED),
      row('the currency of another country', total('4200', 'USD'), CHANGED),
      row('a currency in small letters', total('4200', 'eur')),
      row('a currency with a space', total('4200', 'usd ')),
      {
        ...row(
          'products in euro and in kronor',
          lines(cup, { sku: 'hand-mill', quantity: 1 }),
          '422 mixed-currencies',
        ),
        because: 'lines name no currency, but a catalogue may have two: there is no sum of both',
        catalogue: product('hand-mill', "currency = 'SEK'", "currency = 'EUR'"),
      },
    ],
  },
  {
    number: 'B25',
    name: 'currencies without decimals, or with three',
    because: '4200 yen and 4.200 dinar are not 42.00 euro',
    requests: [
      row('4200 yen', total('4200', 'JPY'), CHANGED),
      row('4200 fils', total('4200', 'KWD'), CHANGED),
      {
        ...row('42.00 euro, with the point', total('42.00', 'EUR')),
        because: 'amounts are minor units: nobody has to know how many decimals a currency has',
      },
    ],
  },
  {
    number: 'B26',
    name: 'a total of nothing, or too small to be charged',
    because: 'the gateway charges 50 cents at least: better no order than one that must fail',
    requests: [
      { ...row('49 cents', line({ sku: 'recipe-book' }), '422 total-too-small'), catalogue: CENTS },
      {
        ...row('98 cents', line({ sku: 'recipe-book', quantity: 2 }), '201'),
        because: 'the total counts, and not the price of a piece',
        catalogue: CENTS,
      },
      {
        ...row('an expected total of 0', total('0', 'EUR'), CHANGED),
        because: 'it is an amount, and not this one',
      },
    ],
  },
  {
    number: 'B27',
    name: 'an amount of too many digits',
    because: 'the gateway charges eight digits at most: better no order than one that must fail',
    requests: [
      row('a total of nine digits', line({ quantity: 50_000 }), '422 total-too-large'),
      {
        ...row('an expected total of fifteen digits', total('999999999999999', 'EUR'), CHANGED),
        because: 'it is an amount, and not this one',
      },
      {
        ...row('an expected total of sixteen digits', total('9999999999999990', 'EUR')),
        because: 'it is no amount: sums of many would not fit a bigint',
      },
      {
        ...row('an amount with a leading zero', total('04200', 'EUR')),
        because: 'one amount is written in one way',
      },
    ],
  },
];
