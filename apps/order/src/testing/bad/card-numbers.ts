import { twoCups } from '../order-application.js';
import {
  type BadInput,
  type BadRequest,
  changed,
  get,
  headers,
  json,
  line,
  text,
} from './request.js';

/** The gateway's own test numbers: with a valid check digit, and of nobody. */
const CARD = '4242424242424242';
const AMEX = '378282246310005';
const IN_A_TRACE = '5105105105105100';
const SPACED = '4000 0566 5566 5556';
const ESCAPED = [...CARD].map((digit) => `%3${digit}`).join('');

/** What must not be found anywhere afterwards. */
export const CARDS = [
  CARD,
  AMEX,
  SPACED.replaceAll(' ', ''),
  '5555555555554444',
  ESCAPED,
  IN_A_TRACE,
];

const holding = (what: string, send: BadRequest['send']): BadRequest => ({
  what: `a card number ${what}`,
  send,
  answer: '400 card-number',
});

/** Card numbers, and what only looks like one. */
export const cardNumbers: readonly BadInput[] = [
  {
    number: 'B41',
    name: 'a card number, anywhere',
    because: 'what holds a card number is not read any further, whatever else it says',
    requests: [
      holding('as a payment method', changed({ paymentMethod: `pm_${CARD}` })),
      holding('in a field of its own', changed({ card: SPACED })),
      holding('as a number', text(`{"card":${CARD}}`)),
      holding('as the whole body', text(`"${CARD}"`)),
      holding('as the name of a field', changed({ [CARD]: 1 })),
      holding('as a product', line({ sku: AMEX })),
      holding('as an amount', changed({ expectedTotal: { amount: AMEX, currency: 'EUR' } })),
      holding('deep inside', json({ a: [{ b: [`my card is ${SPACED}, thanks`] }] })),
      holding('with dashes', changed({ note: '5555-5555-5555-4444' })),
      holding('in four fields of a list', changed({ note: [5555, 5555, 5555, 4444] })),
      holding('of thirteen digits', changed({ note: '4222222222222' })),
      holding('of nineteen digits', changed({ note: '6304000000000000000' })),
      holding('of twelve digits, in groups', changed({ note: '5018 0000 0009' })),
      holding('of thirteen digits, in groups', changed({ note: '4222 222 222 222' })),
      holding('of nineteen digits, in groups', changed({ note: '6304 0000 0000 0000 000' })),
      holding(
        'with its issuer apart, as a key',
        headers({ 'idempotency-key': '424242-4242424242' }),
      ),
      holding('behind a year', changed({ note: `2026 ${SPACED}` })),
      holding('escaped', text(`{"card":"${CARD.replace('4', '\\u0034')}"}`)),
      holding('as a key', headers({ 'idempotency-key': CARD })),
      holding('within a key', headers({ 'idempotency-key': `pay with ${SPACED}` })),
      holding(
        'in groups with dots, as a key',
        headers({ 'idempotency-key': SPACED.replaceAll(' ', '.') }),
      ),
      holding('in groups behind a prefix', changed({ paymentMethod: 'pm_5555_5555_5555_4444' })),
      holding('in a header nobody asked for', headers({ 'x-note': CARD })),
      holding('as the name of a header', headers({ [`x-${CARD}`]: '1' })),
      holding('as an order', get(`/api/orders/${CARD}`)),
      holding('as an order, with one digit escaped', get(`/api/orders/%34${CARD.slice(1)}`)),
      holding('as an order, with all digits escaped', get(`/api/orders/${ESCAPED}`)),
      holding('in an address', get(`/api/orders?cursor=${encodeURIComponent(SPACED)}`)),
      holding(
        'in an address, with plus signs',
        get(`/api/orders?x=${SPACED.replaceAll(' ', '+')}`),
      ),
      holding('in an address, with dashes escaped', get('/api/orders?x=5555%2d5555%2D5555%2d4444')),
      {
        what: 'digits of the same length with another check digit, as a key',
        send: headers({ 'idempotency-key': '4242424242424241' }),
        answer: '201',
        because: 'they are not a card number',
      },
      {
        what: 'a number and a time in seconds that together have a valid check digit, as a key',
        send: headers({ 'idempotency-key': '424242-1795639200' }),
        answer: '201',
        because: 'keys are made so, and a card whose seventh digit is 1 is rare',
      },
      {
        what: 'a moment in microseconds that has a valid check digit, as a key',
        send: headers({ 'idempotency-key': '1795639200123455' }),
        answer: '201',
        because: 'no card begins with 1, and clocks do',
      },
      {
        what: "a card number in another program's cookie",
        send: headers({ cookie: `card=${CARD}` }, twoCups),
        answer: '201',
        because:
          'a browser sends whatever its host was given; it is kept nowhere, as is seen below',
      },
      ...[`${IN_A_TRACE}abcdefabcdefabcd`, `7${IN_A_TRACE}76543210abcdef0`, `${CARD}${CARD}`].map(
        (trace): BadRequest => ({
          what: `a trace whose digits look like a card number, ${trace}`,
          send: headers({ traceparent: `00-${trace}-${CARD}-01` }, twoCups),
          answer: '201',
          because:
            'traces are drawn, and one in three hundred would be refused for nothing; the order ' +
            'begins another, as is seen below',
        }),
      ),
    ],
  },
];
