import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checks } from './checks/order-checks.js';
import { velocity } from './fraud/velocity.js';
import { stock } from './inventory/stock.js';
import type { Pipeline } from './testing/pipeline.js';
import { chance, deliveries, draw, orders, play, type Chance } from './testing/scenario.js';

const rowsOf = (pipeline: Pipeline) => [
  new Map(pipeline.rows(stock)),
  new Map(pipeline.rows(checks)),
  new Map(pipeline.rows(velocity)),
];

/** Every stage from its first offset on, in another order of partitions; what it says goes on. */
function readAgain(pipeline: Pipeline, chance: Chance): number {
  const known = pipeline.ids();
  let said = 0;
  pipeline.rewind();
  for (let unread = pipeline.unread(); unread.length > 0; unread = pipeline.unread()) {
    for (const record of pipeline.step(unread[draw(chance, unread.length)]!)) {
      expect(known, record.headers['type']).toContain(record.headers['id']);
      pipeline.publish(record, { repeated: true });
      said++;
    }
  }
  return said;
}

it('topics that are read again from the start change no row, and say nothing new', () => {
  const seen = { 'read again': 0, recalled: 0, released: 0 };
  fc.assert(
    fc.property(orders, deliveries, chance, (orders, deliveries, chance) => {
      const pipeline = play({ orders, deliveries }, chance);
      const before = rowsOf(pipeline);
      seen['read again'] += readAgain(pipeline, chance);
      seen.recalled += pipeline.events('StockRecalled').length;
      seen.released += pipeline.events('StockReleaseRequested').length;
      expect(rowsOf(pipeline)).toEqual(before);
    }),
    { numRuns: 50 },
  );
  for (const [what, times] of Object.entries(seen)) {
    expect(times, `nothing was ${what}: nothing was tested`).toBeGreaterThan(0);
  }
});

/** What the pages say of a row, with room for four lines. */
const SMALL_BYTES = 200;

it('of an order that came to nothing, a row that stops a repeat is left, and no more', () => {
  let over = 0;
  const runs = fc.property(orders, deliveries, chance, (orders, deliveries, chance) => {
    const pipeline = play({ orders, deliveries }, chance);
    const settled = pipeline
      .events('OrderRejected', 'PaymentDeclined', 'PaymentCancelled', 'PaymentRefunded')
      .map(({ payload }) => payload.orderId);
    for (const orderId of settled) {
      over++;
      const { held = {}, ...row } = pipeline.rows(checks).get(orderId) ?? {};
      const ends = ['closedAt', 'decided', 'decidedAt', 'released'];
      expect(ends).toEqual(expect.arrayContaining(Object.keys(row)));
      expect(held).toEqual({});
      expect(JSON.stringify(row).length).toBeLessThan(SMALL_BYTES);
      for (const [key, line] of pipeline.rows(stock)) {
        if (!key.includes(`|${orderId}/`)) continue;
        expect(Object.keys(line)).toEqual([expect.stringMatching(/^(settled|sentTo)$/)]);
      }
    }
    const waiting = [...pipeline.rows(stock).keys()].filter((key) => key.includes('#'));
    expect(waiting).toEqual([]);
  });
  fc.assert(runs, { numRuns: 50 });
  expect(over).toBeGreaterThan(0);
});
