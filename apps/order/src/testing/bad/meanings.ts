import { twoCups } from '../order-application.js';
import { type BadRequest, changed, cup, line, lines, total } from './request.js';

const SHAPE = 'the schema says what an order is, and nothing else is one';

/** Lines, products and money: what is understood, and still cannot be done. */
export const badMeanings: readonly BadRequest[] = [
  {
    what: '51 lines',
    send: lines(...Array.from({ length: 51 }, () => cup)),
    answer: '400 invalid-request',
    because: 'more than a page is a program gone wrong',
  },
  {
    what: '10,001 lines',
    send: lines(...Array.from({ length: 10_001 }, () => cup)),
    answer: '413 too-large',
    because: 'it is refused by its size, before anybody counts',
  },
  {
    what: 'a product that is not there',
    send: line({ sku: 'tea-pot' }),
    answer: '422 unknown-product',
    because: 'the shape is right, the meaning is not: it may have been taken off the shelf',
  },
  {
    what: 'a product called constructor',
    send: line({ sku: 'constructor' }),
    answer: '422 unknown-product',
    because: 'a name that every object has is no product',
  },
  {
    what: 'a product in capitals',
    send: line({ sku: 'Espresso-Cup' }),
    answer: '400 invalid-request',
    because: 'one product has one name',
  },
  { what: 'no product', send: line({ sku: '' }), answer: '400 invalid-request', because: SHAPE },
  {
    what: 'a product twice',
    send: lines(cup, cup),
    answer: '422 repeated-product',
    because: 'two of them, or a double click? The client says it in one line',
  },
  {
    what: 'a total of nine digits',
    send: line({ quantity: 50_000 }),
    answer: '422 total-too-large',
    because: 'the gateway charges eight digits at most: better no order than one that must fail',
  },
  {
    what: 'a total that grows over all lines',
    send: lines(
      ...['espresso-cup', 'coffee-beans', 'hand-mill', 'milk-jug', 'recipe-book'].map((sku) => ({
        sku,
        quantity: 100_000,
      })),
    ),
    answer: '422 total-too-large',
    because: 'sums are exact, and the limit is looked at once, at the end',
  },

  {
    what: 'another total than expected',
    send: total('4100', 'EUR'),
    answer: '409 price-changed',
    because: 'the customer agreed to another price',
  },
  {
    what: 'an expected total of 0',
    send: total('0', 'EUR'),
    answer: '409 price-changed',
    because: 'it is an amount, and not this one',
  },
  {
    what: 'an expected total of fifteen digits',
    send: total('999999999999999', 'EUR'),
    answer: '409 price-changed',
    because: 'it is an amount, and not this one',
  },
  {
    what: 'an expected total in a currency that is none',
    send: total('4200', 'XTS'),
    answer: '409 price-changed',
    because: 'it is a code by its form, and the catalogue has another',
  },
  {
    what: 'an expected total without decimals (JPY)',
    send: total('4200', 'JPY'),
    answer: '409 price-changed',
    because: '4200 yen are not 42.00 euro, and nothing is converted',
  },
  {
    what: 'an expected total with three decimals (KWD)',
    send: total('4200', 'KWD'),
    answer: '409 price-changed',
    because: '4.200 dinar are not 42.00 euro, and nothing is converted',
  },
  {
    what: 'a currency in small letters',
    send: total('4200', 'eur'),
    answer: '400 invalid-request',
    because: 'ISO 4217 writes capitals',
  },
  {
    what: 'a currency with a space',
    send: total('4200', 'usd '),
    answer: '400 invalid-request',
    because: 'what is trimmed here would be another currency elsewhere',
  },
  {
    what: 'an amount with a point',
    send: total('42.00', 'EUR'),
    answer: '400 invalid-request',
    because: 'amounts are minor units: nobody has to know how many decimals a currency has',
  },
  {
    what: 'an amount that is a number',
    send: total(4200, 'EUR'),
    answer: '400 invalid-request',
    because: 'JSON numbers lose digits',
  },
  {
    what: 'an amount below nothing',
    send: total('-4200', 'EUR'),
    answer: '400 invalid-request',
    because: SHAPE,
  },
  {
    what: 'an amount with a leading zero',
    send: total('04200', 'EUR'),
    answer: '400 invalid-request',
    because: 'one amount is written in one way',
  },
  {
    what: 'half an amount of money',
    send: changed({ expectedTotal: { amount: '4200' } }),
    answer: '400 invalid-request',
    because: SHAPE,
  },
  {
    what: 'the same key with another body',
    send: { ...line({ quantity: 3 }), first: twoCups },
    answer: '422 idempotency-key-reused',
    because: 'one of the two wishes would be lost without a word',
  },
];
