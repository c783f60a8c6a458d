import type { OrderView } from '@checkout/api';
import { describe, expect, it } from 'vitest';
import { hasEnded, isCharged, latest, steps, type OrderStatus } from './history';
import { order } from './testing/orders';

const open = (one: OrderView) =>
  steps(one).flatMap(({ status, state }) => (state === 'expected' ? [status] : []));

describe('the history of an order', () => {
  it('tells what happened, each with the time of its fact, and then what is still to come', () => {
    const approved = order('approved');
    expect(steps(approved)).toEqual([
      { status: 'placed', state: 'done', at: approved.history[0]?.at },
      { status: 'approved', state: 'done', at: approved.history[1]?.at },
      { status: 'paid', state: 'expected', at: null },
      { status: 'booked', state: 'expected', at: null },
    ]);
  });

  it.each<[OrderStatus, OrderStatus[]]>([
    ['placed', ['approved', 'paid', 'booked']],
    ['paid', ['booked']],
    ['booked', []],
    ['rejected', []],
    ['payment_failed', []],
    ['cancelled', []],
    ['refunded', []],
  ])('%s: expects what comes by itself', (status, toCome) => {
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

  it('has ended when nothing can be cancelled, and is charged while money can be returned', () => {
    const all = ['booked', 'paid', 'refunded', 'rejected'] as const;
    expect(all.map((status) => hasEnded(order(status)))).toEqual([false, false, true, true]);
    expect(all.map((status) => isCharged(order(status)))).toEqual([true, true, false, false]);
  });
});

describe('news of an order', () => {
  it('that comes late or twice does not turn it back', () => {
    const paid = latest(order('placed'), order('paid'));
    expect(latest(paid, order('approved')).status).toBe('paid');
    expect(latest(paid, paid)).toEqual(paid);
  });

  it('keeps the wish to cancel, whichever side told of it', () => {
    const asked = order('approved', { cancelRequested: true });
    const both = { status: 'paid', cancelRequested: true };
    expect(latest(asked, order('paid'))).toMatchObject(both);
    expect(latest(order('paid'), asked)).toMatchObject(both);
  });
});
