import { twoCups } from '../order-application.js';
import { type BadInput, type BadRequest, headers, json, line, text } from './request.js';

const MISSING = '400 idempotency-key-missing';
const key = (what: string, sent: string, answer = MISSING): BadRequest => ({
  what,
  send: headers({ 'idempotency-key': sent }),
  answer,
});
const first = { body: twoCups, by: 'the same' } as const;
const reordered = { paymentMethod: twoCups.paymentMethod, lines: twoCups.lines };

/** The key of a request, and the bodies that go with it. */
export const badKeys: readonly BadInput[] = [
  {
    number: 'B01',
    name: 'no key',
    because: 'without it a repeat could not be told from a second wish',
    requests: [{ what: 'no key', send: headers({ 'idempotency-key': null }), answer: MISSING }],
  },
  {
    number: 'B02',
    name: 'an empty key',
    because: 'it names nothing',
    requests: [key('an empty key', '')],
  },
  {
    number: 'B03',
    name: 'a key that is too long',
    because: 'it is kept: somebody has to say how much',
    requests: [
      key('a key of 256 characters', 'k'.repeat(256)),
      {
        ...key(
          'a key of 255 characters, with quotes and spaces',
          `"a key's ${'k'.repeat(246)}`,
          '201',
        ),
        because: 'printable ASCII is printable ASCII',
      },
    ],
  },
  {
    number: 'B04',
    name: 'a key that is not printable ASCII',
    because: 'it could change on the way, and would then be another key',
    requests: [
      key('a key with an umlaut', 'schlüssel'),
      key('a key with a control character', 'a\u0007b'),
      key('a key with a tab, which proxies turn into a space', 'a\tb'),
    ],
  },
  {
    number: 'B05',
    name: 'the key of another body',
    because: 'one of the two wishes would be lost without a word',
    requests: [
      {
        what: 'the same key with another quantity',
        send: { ...line({ quantity: 3 }), first },
        answer: '422 idempotency-key-reused',
      },
    ],
  },
  {
    number: 'B06',
    name: 'the key of another customer',
    because: 'a key belongs to its customer: nobody can take, see or block that of another',
    requests: [
      {
        what: 'a key that another customer has placed an order with',
        send: { ...json(twoCups), first: { ...first, by: 'another' } },
        answer: '201',
      },
    ],
  },
  {
    number: 'B07',
    name: 'the key of another route',
    because: 'a key belongs to its route: placing an order and cancelling it are two wishes',
    requests: [
      {
        what: 'an order cancelled with the key that it was placed with',
        send: ({ own }) => ({
          url: `/api/orders/${own.id}/cancel`,
          headers: { 'idempotency-key': own.key },
          body: '{}',
        }),
        answer: '202',
        makes: 'a wish to cancel',
      },
    ],
  },
  {
    number: 'B08',
    name: 'the same body, written otherwise',
    because: 'the same JSON value is the same wish, and gets the answer that was given',
    requests: [
      ['its fields in another order', JSON.stringify(reordered)],
      ['with white space', JSON.stringify(twoCups, null, 4)],
      ['with its quantity as 2.0', JSON.stringify(twoCups).replace(':2}', ':2.0}')],
      ['with its letters escaped', JSON.stringify(twoCups).replace('pm_', '\\u0070m_')],
    ].map(([what = '', body = '']) => ({
      what,
      send: { ...text(body), first },
      answer: '201',
      makes: 'nothing',
    })),
  },
];
