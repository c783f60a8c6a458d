import { describe, expect, test } from 'vitest';
import { settleAcceptance } from './evidence.js';

const good = { accepted: ['a', 'b', 'c'], stored: ['c', 'a', 'b'], whole: ['b', 'c', 'a'] };

describe('figures of acceptance are printed', () => {
  test('when every accepted order is stored with its event, and no other', () => {
    expect(settleAcceptance('ours', good)).toBe(3);
  });

  test.each([
    ['an accepted order is not stored', { ...good, stored: ['a', 'b'] }],
    ['an order is stored that nobody was promised', { ...good, stored: ['a', 'b', 'c', 'd'] }],
    ['another order is stored than was promised', { ...good, stored: ['a', 'b', 'd'] }],
    ['an order has no event in its database transaction', { ...good, whole: ['a', 'b'] }],
    ['an order has two events', { ...good, whole: ['a', 'b', 'c', 'c'] }],
    ['one order was promised twice', { ...good, accepted: ['a', 'b', 'b'] }],
    ['nothing was accepted', { accepted: [], stored: [], whole: [] }],
  ])('not when %s', (_, evidence) => {
    expect(() => settleAcceptance('ours', evidence)).toThrow('ours: ');
  });
});
