import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CUSTOMER, emitted, event, numbered } from '../testing/given.js';
import { MemoryState } from '../testing/pipeline.js';
import { checkFraud } from './check-fraud.handler.js';
import { judge, LATE_ARRIVAL_MS, MAX_TIMES, velocity, WINDOW_MS, withOrder } from './velocity.js';

const START = Date.parse('2026-11-23T12:00:00.000Z');
const at = (ms: number): string => new Date(START + ms).toISOString();

interface Asked {
  readonly order: number;
  readonly atMs: number;
  readonly total?: string;
  readonly customerId?: string;
}

function asks(state: MemoryState) {
  return ({ order, atMs, total = '4200', customerId = CUSTOMER }: Asked): string => {
    const decision = checkFraud(
      event('FraudCheckRequested', {
        orderId: numbered(order),
        customerId,
        total: { amount: total, currency: 'EUR' },
        occurredAt: at(atMs),
      }),
      state,
    );
    state.apply(decision);
    const [verdict] = emitted(decision);
    if (verdict?.type === 'FraudCleared') return `cleared, ${verdict.payload.ordersInWindow}`;
    if (verdict?.type === 'FraudRefused') return verdict.payload.reason;
    return 'nothing';
  };
}

describe('check fraud', () => {
  it('clears twenty orders in a minute and refuses the one after', () => {
    const ask = asks(new MemoryState());
    const answers = Array.from({ length: 21 }, (_, i) => ask({ order: i, atMs: i * 3_000 }));

    expect(answers[19]).toBe('cleared, 20');
    expect(answers[20]).toBe('too-many-orders');
  });

  it('counts an order exactly one window old, and none that is a millisecond older', () => {
    const ask = asks(new MemoryState());
    ask({ order: 1, atMs: 0 });

    expect(ask({ order: 2, atMs: WINDOW_MS })).toBe('cleared, 2');
    expect(ask({ order: 3, atMs: WINDOW_MS + 1 })).toBe('cleared, 2');
  });

  it('counts the later orders that share a minute with one that arrives late', () => {
    const ask = asks(new MemoryState());
    ask({ order: 1, atMs: 50_000 });
    ask({ order: 2, atMs: 10_000 + WINDOW_MS + 1 });

    expect(ask({ order: 3, atMs: 10_000 })).toBe('cleared, 2');
  });

  it('clears twenty of a minute, in whatever order they arrive', () => {
    const minute = fc.shuffledSubarray(
      Array.from({ length: 40 }, (_, i) => i),
      { minLength: 40 },
    );
    fc.assert(
      fc.property(minute, (arrivals) => {
        const ask = asks(new MemoryState());
        const answers = arrivals.map((order) => ask({ order, atMs: order * 1_500 }));
        expect(answers.filter((answer) => answer.startsWith('cleared'))).toHaveLength(20);
      }),
    );
  });

  it('counts each customer for himself', () => {
    const ask = asks(new MemoryState());
    for (let i = 0; i < 20; i++) ask({ order: i, atMs: i });

    expect(ask({ order: 20, atMs: 20, customerId: numbered(1, 2) })).toBe('cleared, 1');
  });

  it('refuses a total above the limit, and not the limit itself', () => {
    const ask = asks(new MemoryState());

    expect(ask({ order: 1, atMs: 0, total: '1000000' })).toBe('cleared, 1');
    expect(ask({ order: 2, atMs: 0, total: '1000001' })).toBe('amount-too-large');
  });

  it('neither answers nor counts an order again, though its time has long been forgotten', () => {
    const state = new MemoryState();
    const ask = asks(state);
    ask({ order: 1, atMs: 0 });
    ask({ order: 2, atMs: 10 * LATE_ARRIVAL_MS });

    expect(ask({ order: 1, atMs: 0 })).toBe('nothing');
    expect(state.get(velocity, CUSTOMER)).toEqual({ times: [START + 10 * LATE_ARRIVAL_MS] });
  });

  it('stores the verdict with its inputs', () => {
    const state = new MemoryState();
    asks(state)({ order: 1, atMs: 0, total: '1000001' });

    expect(state.get(velocity, `${CUSTOMER}|${numbered(1)}`)).toEqual({
      ordersInWindow: 1,
      total: { amount: '1000001', currency: 'EUR' },
      occurredAt: at(0),
      refused: 'amount-too-large',
    });
  });
});

/** By the whole history, and every window in turn. */
const inWindow = (times: readonly number[], held: number): number =>
  Math.max(
    ...times
      .filter((begin) => begin <= held && held <= begin + WINDOW_MS)
      .map((begin) => times.filter((time) => time >= begin && time <= begin + WINDOW_MS).length),
  );

describe('the window', () => {
  it('counts as a full history would, for orders that are not later than the margin', () => {
    const steps = fc.array(fc.integer({ min: 0, max: LATE_ARRIVAL_MS }), { maxLength: 200 });
    fc.assert(
      fc.property(steps, (times) => {
        let kept: readonly number[] = [];
        for (const [i, time] of times.entries()) {
          const order = { total: { amount: '1', currency: 'EUR' }, occurredAt: at(time) };
          expect(judge(kept, order).ordersInWindow).toBe(inWindow(times.slice(0, i + 1), time));
          kept = withOrder(kept, order.occurredAt).times;
        }
      }),
    );
  });

  it('stays bounded in a flood', () => {
    let kept: readonly number[] = [];
    for (let i = 0; i < 2 * MAX_TIMES; i++) kept = withOrder(kept, at(i)).times;
    expect(kept).toHaveLength(MAX_TIMES);
  });
});
