import { approvalOf } from '../given.js';
import { eventAbout } from '../webhook-door.js';
import { about, type BadWebhook, NOT_OURS, refused, taken } from './request.js';

/** What is said, with a right signature. */
export const badEvents: readonly BadWebhook[] = [
  {
    number: 'B59',
    name: 'an event that was delivered before',
    because: 'it is taken note of once, and each delivery is told that it was received',
    requests: [
      {
        what: 'the same bytes',
        send: () => ({ body: JSON.stringify(eventAbout(approvalOf())), again: true }),
        answer: NOT_OURS,
      },
    ],
  },
  {
    number: 'B60',
    name: 'an event of another account, of real money, or in other words',
    because: 'its signature is right, and it is not for this shop',
    requests: [
      refused('real money', about({ event: { livemode: true } }), /test mode/),
      refused('another account', about({ event: { account: 'acct_1' } }), /account/),
      refused(
        'another version of the API',
        about({ event: { api_version: '2019-01-01' } }),
        /API version/,
      ),
    ],
  },
  {
    number: 'B61',
    name: 'an amount or a currency that is not ours',
    because: 'it cannot be: an alarm, and the payment stays as it is',
    requests: [
      { what: 'one cent', send: about({ object: { amount: 1 } }) },
      { what: 'dollars', send: about({ object: { currency: 'usd' } }) },
    ].map((request) => ({ ...request, answer: '200 contradicts' })),
  },
  {
    number: 'B62',
    name: 'an event about an order that is not ours',
    because: 'others may use the same account: it is taken note of, and nothing else',
    requests: [
      {
        what: 'an order of somebody else',
        given: { object: { metadata: { order_id: 'theirs' } } },
      },
      { what: 'an order that we do not know', given: {} },
      { what: 'no order at all', given: { object: { metadata: {} } } },
      { what: 'an intent whose id is none', given: { intent: 'pi_\u0000' } },
      { what: 'an object without a shape', given: { object: { object: 7, amount: 'much' } } },
    ].map(({ what, given }) => ({
      what,
      send: () => ({ body: JSON.stringify(eventAbout(approvalOf(), given)) }),
      answer: NOT_OURS,
    })),
  },
  {
    number: 'B63',
    name: 'an event of an unknown kind, or none at all',
    because: 'what it would mean is not guessed',
    requests: [
      taken(
        'a kind that nobody knows',
        about({ type: 'invoice.paid', object: { object: 'invoice' } }),
        'the gateway learns new ones, and would tell it again for days',
      ),
      refused('no JSON', () => ({ body: '{"id":' }), /no event/),
      refused('no body', () => ({ body: '' }), /./),
      refused('an event without an id', about({ event: { id: undefined } }), /id:/),
      refused('a kind of two lines', about({ type: 'a\nb' }), /type:/),
      refused('a time that no calendar has', about({ event: { created: 1e15 } }), /created:/),
      {
        what: 'a form',
        send: () => ({ body: 'id=evt_1', contentType: 'text/plain' }),
        answer: '415 unsupported-media-type',
        says: /json/,
      },
    ],
  },
  {
    number: 'B64',
    name: 'a body of 1 MiB',
    because: 'the largest event has some kilobytes, and the limit is 64',
    requests: [
      {
        what: 'with a right signature',
        send: () => ({ body: `{"id":"${'x'.repeat(1 << 20)}"}` }),
        answer: '413 too-large',
        says: /64 KiB/,
      },
    ],
  },
];
