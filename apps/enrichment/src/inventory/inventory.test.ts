import type { Decision } from '@checkout/eos';
import { describe, expect, it } from 'vitest';
import { emitted, event, numbered, PLACED_AT } from '../testing/given.js';
import { MemoryState } from '../testing/pipeline.js';
import { receiveStock } from './receive-stock.handler.js';
import { releaseStock } from './release-stock.handler.js';
import { reserveStock } from './reserve-stock.handler.js';
import { bucketIn } from './stock.js';

/** One that is not divided. */
const place = { sku: 'limited-print', bucket: 'limited-print/0', occurredAt: PLACED_AT };
const received = (quantity: number, delivery = 0) =>
  event('StockReceived', { ...place, quantity }, numbered(delivery, 1));
const line = (quantity: number, order = 1, lineNumber = 1) => ({
  ...place,
  orderId: numbered(order),
  lineNumber,
  quantity,
});
const requested = (...of: Parameters<typeof line>) => event('StockRequested', line(...of));
const release = (...of: Parameters<typeof line>) => event('StockReleaseRequested', line(...of));

/** Types and quantities of what the last decision emits: `StockReserved 2`, `level 3`. */
function said(decision: Decision): string[] {
  return emitted(decision).map((e) => {
    if (e.type === 'StockLevelChanged') return `level ${e.payload.available}`;
    if (e.type === 'StockRefused') return `refused, ${e.payload.available} left`;
    return e.type === 'StockReserved' ? `reserved ${e.payload.quantity}` : e.type;
  });
}

type Step = ReturnType<typeof received | typeof requested | typeof release>;

const cases: { title: string; steps: [Step, string[]][]; free: number }[] = [
  {
    title: 'a delivery is counted once, whatever is redelivered',
    steps: [
      [received(5), ['level 5']],
      [received(5), []],
      [received(5, 1), ['level 10']],
    ],
    free: 10,
  },
  {
    title: 'a line is reserved while there is enough, and refused whole when there is not',
    steps: [
      [received(5), ['level 5']],
      [requested(3, 1), ['reserved 3', 'level 2']],
      [requested(3, 2), ['refused, 2 left']],
      [requested(2, 3), ['reserved 2', 'level 0']],
    ],
    free: 0,
  },
  {
    title: 'an order may ask before the first delivery',
    steps: [
      [requested(1), ['refused, 0 left']],
      [received(5), ['level 5']],
    ],
    free: 5,
  },
  {
    title: 'a request that comes again is not answered again, reserved or refused',
    steps: [
      [received(2), ['level 2']],
      [requested(2, 1), ['reserved 2', 'level 0']],
      [requested(2, 1), []],
      [requested(1, 2), ['refused, 0 left']],
      [received(9, 1), ['level 9']],
      [requested(1, 2), []],
    ],
    free: 9,
  },
  {
    title: 'two lines of one order for the same product are two reservations',
    steps: [
      [received(5), ['level 5']],
      [requested(2, 1, 1), ['reserved 2', 'level 3']],
      [requested(2, 1, 2), ['reserved 2', 'level 1']],
      [release(2, 1, 1), ['level 3']],
    ],
    free: 3,
  },
  {
    title: 'a release gives back what is held and not what the message says, once',
    steps: [
      [received(5), ['level 5']],
      [requested(3), ['reserved 3', 'level 2']],
      [release(4), ['level 5']],
      [release(4), []],
      [requested(3), []],
    ],
    free: 5,
  },
  {
    title: 'a refused line holds nothing to release',
    steps: [
      [requested(3), ['refused, 0 left']],
      [release(3), []],
    ],
    free: 0,
  },
  {
    title: 'a release before its reservation is remembered: the reservation holds nothing',
    steps: [
      [received(5), ['level 5']],
      [release(3), []],
      [requested(3), []],
      [release(3), []],
    ],
    free: 5,
  },
];

describe('stock of one bucket', () => {
  it.each(cases)('$title', ({ steps, free }) => {
    const state = new MemoryState();
    for (const [step, expected] of steps) {
      const decision = decide(step, state);
      expect(said(decision), step.type).toEqual(expected);
      state.apply(decision);
    }
    expect(bucketIn(state, place.bucket).free).toBe(free);
  });

  it('gives the level of a repeated decision the id of the first time', () => {
    const ids = () => emitted(reserveStock(requested(1), stocked())).map((e) => e.id);
    expect(ids()).toEqual(ids());
    expect(new Set(ids()).size).toBe(2);
  });
});

function stocked(): MemoryState {
  const state = new MemoryState();
  state.apply(receiveStock(received(5), state));
  return state;
}

function decide(step: Step, state: MemoryState): Decision {
  switch (step.type) {
    case 'StockReceived':
      return receiveStock(step, state);
    case 'StockRequested':
      return reserveStock(step, state);
    case 'StockReleaseRequested':
      return releaseStock(step, state);
  }
}
