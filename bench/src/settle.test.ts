import { describe, expect, test } from 'vitest';
import { settle } from './settle.js';

const good = {
  orders: 3,
  byStatus: { booked: 3 },
  charges: 3,
  refunds: 0,
  entries: 3,
  violations: [],
};

describe('figures are printed', () => {
  test('when every order that was sent is booked, charged and entered', () => {
    expect(() => settle(good, 3)).not.toThrow();
  });

  test.each([
    ['an order was lost', good, 4],
    ['an order was made twice', { ...good, orders: 4 }, 3],
    ['a charge is missing', { ...good, charges: 2 }, 3],
    ['a charge is too many', { ...good, charges: 4 }, 3],
    ['an entry is missing', { ...good, entries: 2 }, 3],
    ['an order was refused', { ...good, byStatus: { booked: 2, rejected: 1 } }, 3],
    [
      'a rule was broken',
      { ...good, violations: [{ orderId: '1', what: 'was charged twice' }] },
      3,
    ],
    ['nothing was sent', { ...good, orders: 0, byStatus: {}, charges: 0, entries: 0 }, 0],
  ])('not when %s', (_, verdict, sent) => {
    expect(() => settle(verdict, sent)).toThrow();
  });
});
