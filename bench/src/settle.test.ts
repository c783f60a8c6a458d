import type { Audit } from '@checkout/proof';
import { describe, expect, test } from 'vitest';
import { settle } from './settle.js';

const audit: Audit = {
  held: true,
  orders: 3,
  examined: 3,
  notObserved: 0,
  notApplicable: 0,
  met: {
    ...{ unknownAnswers: 0, repeats: 0, furtherAttempts: 0, takeovers: 0, readAgain: 0 },
    ...{ aborts: 0, overlappingAborts: 0 },
  },
  invariants: [],
  rest: { waitedMilliseconds: 0, waitingFor: [] },
  readMilliseconds: 1,
  judgeMilliseconds: 1,
};
const good = { audit, sent: 3, booked: 3 };

describe('figures are printed', () => {
  test('when every order that was sent is booked, and the judge says so', () => {
    expect(() => settle(good)).not.toThrow();
  });

  test.each([
    ['an order was lost', { ...good, sent: 4 }],
    ['an order was made twice', { ...good, audit: { ...audit, orders: 4 } }],
    ['an order was refused', { ...good, booked: 2 }],
    ['an invariant does not hold', { ...good, audit: { ...audit, held: false } }],
    [
      'it did not come to rest',
      { ...good, audit: { ...audit, rest: { waitedMilliseconds: 9, waitingFor: ['a group'] } } },
    ],
    ['nothing was sent', { audit: { ...audit, orders: 0 }, sent: 0, booked: 0 }],
  ])('not when %s', (_, run) => {
    expect(() => settle(run)).toThrow();
  });
});
