import { describe, expect, it } from 'vitest';
import { learn, steps, type KnownOrder } from './history';
import type { Order, OrderStatus } from './types';

const order = (status: OrderStatus, version: number): Order => ({
  id: 'o1',
  status,
  version,
  customerId: 'c1',
  lines: [],
  total: { amount: '4200', currency: 'EUR' },
  placedAt: '2026-01-01T00:00:00.000Z',
});
const shown = (known: KnownOrder) =>
  steps(known).map(({ status, state, at }) => `${status} ${state}${at ? ` ${at}` : ''}`);

describe('the history of an order', () => {
  it('grows with the news, and shows what is still to come', () => {
    const placed = learn(undefined, order('placed', 1), null);
    const approved = learn(placed, order('approved', 2), 't1');
    expect(shown(approved)).toEqual([
      'placed done 2026-01-01T00:00:00.000Z',
      'approved done t1',
      'paid expected',
      'booked expected',
    ]);
  });

  it('is not turned back by news that comes twice or late', () => {
    const paid = learn(learn(undefined, order('placed', 1), null), order('paid', 3), 't1');
    expect(learn(paid, order('approved', 2), 't2')).toBe(paid);
    expect(learn(paid, order('paid', 3), 't2')).toBe(paid);
  });

  it('tells the steps that nobody saw, without a time', () => {
    const booked = learn(learn(undefined, order('placed', 1), null), order('booked', 4), 't1');
    expect(shown(booked).slice(1)).toEqual(['approved done', 'paid done', 'booked done t1']);
  });

  it('gives no time to what happened while nobody looked', () => {
    const reloaded = learn(undefined, order('approved', 2), null);
    const paid = learn(reloaded, order('paid', 3), 't1');
    expect(shown(paid).slice(1, 3)).toEqual(['approved done', 'paid done t1']);
  });

  it('expects nothing after an end', () => {
    const failed = learn(undefined, order('payment_failed', 3), null);
    expect(steps(failed).map(({ status }) => status)).toEqual([
      'placed',
      'approved',
      'payment_failed',
    ]);
  });
});
