import type { Payload } from '@checkout/events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pipeline } from './testing/pipeline.js';
import {
  chance,
  deliveries,
  freeOf,
  heldOf,
  orderNumber,
  orders,
  pieces,
  play,
  skus,
  sum,
  type Scenario,
} from './testing/scenario.js';
import { stock, type StockRow } from './inventory/stock.js';

/**
 * Whatever the order of arrival and whatever comes twice: stock is conserved, each order is decided
 * once, and what comes to nothing gives back what it held, once.
 */
type DecidedOrder = { readonly payload: { readonly orderId: string } };
const isTooLate = ({ reasons }: Payload<'OrderRejected'>): boolean =>
  reasons.some(({ text }) => text.includes('in time'));

function soldBySku(pipeline: Pipeline, scenario: Scenario, sku: string): number {
  const kept = pipeline
    .events('PaymentSucceeded')
    .map((event) => scenario.orders[orderNumber(event.payload.orderId)])
    .filter((order) => order?.end === 'paid');
  const lines = kept.flatMap((order) => order?.lines ?? []);
  return sum(lines.filter((one) => one.sku === sku).map((one) => one.quantity));
}

describe('orders in any interleaving, with repeats', () => {
  it('conserve stock, are decided once, and give back exactly what they held', () => {
    const seen = {
      approved: 0,
      rejected: 0,
      'too late': 0,
      'overdue and approved': 0,
      declined: 0,
      cancelled: 0,
      refunded: 0,
      released: 0,
      'sent home': 0,
      'recalled for': 0,
    };

    fc.assert(
      fc.property(orders, deliveries, chance, (orders, deliveries, chance) => {
        const scenario = { orders, deliveries };
        const pipeline = play(scenario, chance);
        const plan = (event: DecidedOrder) => orders[orderNumber(event.payload.orderId)];

        const approved = pipeline.events('OrderApproved');
        const rejected = pipeline.events('OrderRejected');
        const decided = [...approved, ...rejected].map((event) =>
          orderNumber(event.payload.orderId),
        );
        expect(decided.sort((a, b) => a - b)).toEqual(orders.map((_, i) => i));

        for (const sku of skus) {
          const received = sum(deliveries.filter((d) => d.sku === sku).map((d) => d.quantity));
          const free = pieces(pipeline, sku, freeOf);
          const held = pieces(pipeline, sku, heldOf);
          const least = (row: StockRow) => Number('free' in row && row.free < 0);
          expect(pieces(pipeline, sku, least), 'buckets with less than nothing').toBe(0);
          expect(
            pieces(pipeline, sku, (row) => Number('waits' in row)),
            'who waits',
          ).toBe(0);
          expect(free + held).toBe(received);
          expect(held).toBe(soldBySku(pipeline, scenario, sku));
        }

        const releases = pipeline.events('StockReleaseRequested');
        const closed = pipeline.events('PaymentDeclined', 'PaymentCancelled', 'PaymentRefunded');
        const lost = new Set([...rejected, ...closed].map((event) => event.payload.orderId));
        const toRelease = pipeline
          .events('StockReserved')
          .filter((event) => lost.has(event.payload.orderId))
          .map(({ payload }) => `${payload.orderId}/${payload.lineNumber}`);
        const releasedLines = releases.map((r) => `${r.payload.orderId}/${r.payload.lineNumber}`);
        expect(releasedLines.sort()).toEqual(toRelease.sort());

        seen.approved += approved.length;
        seen.rejected += rejected.length;
        const tooLate = rejected.filter((event) => isTooLate(event.payload));
        for (const event of tooLate) expect(plan(event)?.overdue).toBe(true);
        seen['too late'] += tooLate.length;
        seen['overdue and approved'] += approved.filter((event) => plan(event)?.overdue).length;
        seen.declined += closed.filter(({ type }) => type === 'PaymentDeclined').length;
        seen.cancelled += closed.filter(({ type }) => type === 'PaymentCancelled').length;
        seen.refunded += closed.filter(({ type }) => type === 'PaymentRefunded').length;
        seen.released += releases.length;
        seen['sent home'] += [...pipeline.rows(stock).values()].filter(
          (row) => 'sentTo' in row,
        ).length;
        seen['recalled for'] += pipeline.events('StockRecalled').length;
      }),
      { numRuns: 150 },
    );

    for (const [what, times] of Object.entries(seen)) {
      expect(times, `no order was ${what}: nothing was tested`).toBeGreaterThan(0);
    }
  });

  it('end the same way in every interleaving, when there is enough for all', () => {
    const enough = skus.map((sku) => ({ sku, quantity: 1_000 }));
    const upToTheLimit = orders.map((some) =>
      some.slice(0, 20).map((order) => ({ ...order, overdue: false })),
    );

    fc.assert(
      fc.property(upToTheLimit, chance, chance, (orders, one, other) => {
        const scenario = { orders, deliveries: enough, stockedFirst: true };
        expect(outcomes(play(scenario, one))).toEqual(outcomes(play(scenario, other)));
      }),
      { numRuns: 50 },
    );
  });
});

function outcomes(pipeline: Pipeline): string[] {
  return pipeline
    .events('OrderApproved', 'OrderRejected')
    .map((event) =>
      event.type === 'OrderApproved'
        ? `${event.id} approved ${event.payload.orderId}`
        : `${event.id} rejected ${JSON.stringify(event.payload)}`,
    )
    .sort();
}
