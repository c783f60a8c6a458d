import { describe, expect, it } from 'vitest';
import { hasEnded, isAtRest, latest, steps } from './history';
import type { Order, OrderStatus } from './types';

const PLACED_AT = '2026-01-01T00:00:00.000Z';

function order(status: OrderStatus, over: Partial<Order> = {}): Order {
  return {
    id: 'o1',
    status,
    version: 1,
    customerId: 'c1',
    lines: [],
    total: { amount: '4200', currency: 'EUR' },
    placedAt: PLACED_AT,
    history: [{ status: 'placed', at: PLACED_AT }],
    ...over,
  };
}
const done = (one: Order) =>
  steps(one).flatMap(({ status, state }) => (state === 'done' ? [status] : []));
const open = (one: Order) =>
  steps(one).flatMap(({ status, state }) => (state === 'expected' ? [status] : []));

describe('the history of an order', () => {
  it.each<[OrderStatus, OrderStatus[], OrderStatus[]]>([
    ['placed', ['placed'], ['approved', 'paid', 'booked']],
    ['approved', ['placed', 'approved'], ['paid', 'booked']],
    ['paid', ['placed', 'approved', 'paid'], ['booked']],
    ['booked', ['placed', 'approved', 'paid', 'booked'], []],
    ['rejected', ['placed', 'rejected'], []],
    ['payment_failed', ['placed', 'approved', 'payment_failed'], []],
    ['cancelled', ['placed', 'approved', 'cancelled'], []],
    ['refunded', ['placed', 'approved', 'paid', 'booked', 'refunded'], []],
  ])('%s: tells what happened and what is still to come', (status, happened, toCome) => {
    expect(done(order(status))).toEqual(happened);
    expect(open(order(status))).toEqual(toCome);
  });

  it.each<[OrderStatus, OrderStatus[]]>([
    ['placed', ['cancelled']],
    ['approved', ['cancelled']],
    ['paid', ['booked', 'refunded']],
    ['booked', ['refunded']],
    ['rejected', []],
    ['payment_failed', []],
  ])('%s, asked to cancel: expects another end', (status, toCome) => {
    expect(open(order(status, { cancelRequested: true }))).toEqual(toCome);
  });

  it('gives each step the time of its fact, and none to what is to come', () => {
    const at = '2026-01-01T00:00:01.000Z';
    const approved = order('approved', {
      history: [
        { status: 'placed', at: PLACED_AT },
        { status: 'approved', at },
      ],
    });
    expect(steps(approved).map((step) => step.at)).toEqual([PLACED_AT, at, null, null]);
  });

  it('rests when nothing more comes by itself, and ended when nothing can be cancelled', () => {
    expect(isAtRest(order('booked'))).toBe(true);
    expect(hasEnded(order('booked'))).toBe(false);
    expect(isAtRest(order('booked', { cancelRequested: true }))).toBe(false);
    expect(hasEnded(order('refunded', { cancelRequested: true }))).toBe(true);
    expect(isAtRest(order('paid'))).toBe(false);
  });
});

describe('news of an order', () => {
  it('that comes late or twice does not turn it back', () => {
    const paid = latest(order('placed'), order('paid', { version: 3 }));
    expect(latest(paid, order('approved', { version: 2 })).status).toBe('paid');
    expect(latest(paid, paid)).toEqual(paid);
  });

  it('keeps the wish to cancel, whichever side told of it', () => {
    const asked = order('approved', { version: 2, cancelRequested: true });
    expect(latest(asked, order('paid', { version: 3 }))).toMatchObject({
      status: 'paid',
      cancelRequested: true,
    });
    expect(latest(order('paid', { version: 3 }), asked)).toMatchObject({
      status: 'paid',
      cancelRequested: true,
    });
  });
});
