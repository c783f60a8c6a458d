import type { OutputRecord } from '@checkout/eos';
import { readEvent, topics } from '@checkout/events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pipeline } from '../testing/pipeline.js';
import { chance, freeOf, pieces, play, type Look, type Scenario } from '../testing/scenario.js';
import type { StockRow } from './stock.js';

/** One that is divided. */
const sku = 'tea-pot';

/** At each refusal there were too few pieces, in buckets and on their way home together. */
class Refusals {
  count = 0;
  #sentHome = 0;

  constructor(private readonly wanted: number) {}

  look(written: readonly OutputRecord[], pipeline: Pipeline): void {
    for (const record of written) {
      if (record.headers['type'] === 'StockReturned') {
        this.#sentHome += readEvent(record, 'StockReturned').payload.quantity;
      }
      if (record.headers['type'] !== 'StockRefused') continue;
      this.count++;
      expect(readEvent(record, 'StockRefused').payload.available).toBeLessThan(this.wanted);
      const onTheirWay = this.#sentHome - pieces(pipeline, sku, cameHome);
      expect(onTheirWay + pieces(pipeline, sku, freeOf)).toBeLessThan(this.wanted);
    }
  }
}

const cameHome = (row: StockRow): number => ('returned' in row ? row.returned : 0);

function rush(orders: number, quantity: number, stocked: number): Scenario {
  return {
    orders: Array.from({ length: orders }, (_, customer) => ({
      ...{ customer, lines: [{ sku, quantity }], total: '4200', end: 'paid' },
      ...{ overdue: false, cancelRequested: false },
    })),
    deliveries: [{ sku, quantity: stocked }],
    stockedFirst: true,
  };
}

describe('more want a divided product than there are pieces', () => {
  it.each([
    { stocked: 10, orders: 500, quantity: 1, served: 10 },
    { stocked: 500, orders: 60, quantity: 77, served: 6 },
    { stocked: 23, orders: 60, quantity: 3, served: 7 },
  ])(
    '$orders orders of $quantity, $stocked pieces: $served are served, nobody is refused too soon',
    ({ stocked, orders, quantity, served }) => {
      const runs = fc.property(chance, (chance) => {
        const refusals = new Refusals(quantity);
        const look: Look = (written, pipeline) => refusals.look(written, pipeline);
        const pipeline = play(rush(orders, quantity, stocked), chance, look);
        expect(pipeline.events('OrderApproved')).toHaveLength(served);
        expect(pipeline.events('OrderRejected')).toHaveLength(orders - served);
        expect(refusals.count).toBe(orders - served);
        expect(pieces(pipeline, sku, freeOf)).toBe(stocked - served * quantity);
        expect(pipeline.partitionsOf(topics.inventory.name).length).toBeGreaterThan(2);
      });
      fc.assert(runs, { numRuns: 4 });
    },
  );
});
