import type { OutputRecord } from '@checkout/eos';
import type { Payload } from '@checkout/events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freeIn, stock } from './inventory/stock.js';
import {
  ENDS,
  laterWord,
  numbered,
  orderPlaced,
  paymentOf,
  stockAdded,
  type End,
  type Line,
} from './testing/given.js';
import { Pipeline } from './testing/pipeline.js';

/**
 * Whatever the order of arrival and whatever comes twice: stock is conserved, each order is decided
 * once, and what comes to nothing gives back what it held, once.
 */
const skus = ['espresso-cup', 'tea-pot', 'limited-print'] as const;

const line = fc.record({ sku: fc.constantFrom(...skus), quantity: fc.integer({ min: 1, max: 5 }) });
const orders = fc.array(
  fc.record({
    lines: fc.array(line, { minLength: 1, maxLength: 4 }),
    customer: fc.integer({ min: 1, max: 3 }),
    total: fc.constantFrom('4200', '1000000', '1000001'),
    end: fc.constantFrom(...ENDS),
    overdue: fc.boolean(),
    cancelRequested: fc.boolean(),
  }),
  { minLength: 1, maxLength: 30 },
);
const deliveries = fc.array(
  fc.record({ sku: fc.constantFrom(...skus), quantity: fc.integer({ min: 1, max: 40 }) }),
  { maxLength: 6 },
);
const chance = fc.infiniteStream(fc.nat());

type Chance = Iterator<number>;
const draw = (chance: Chance, below: number): number => (chance.next().value as number) % below;

interface PlannedOrder {
  readonly lines: readonly Line[];
  readonly customer: number;
  readonly total: string;
  /** What becomes of its payment, if it is approved. */
  readonly end: End;
  /** The watchdog says at some moment that time is up. */
  readonly overdue: boolean;
  readonly cancelRequested: boolean;
}

interface Scenario {
  readonly orders: readonly PlannedOrder[];
  readonly deliveries: readonly Line[];
  /** All deliveries are counted before the first order. */
  readonly stockedFirst?: boolean;
}

/** Plays a scenario to the end, with records overtaking each other and coming again by chance. */
function play(scenario: Scenario, chance: Chance): Pipeline {
  const pipeline = new Pipeline();
  let repeatsLeft = 60;
  const publish = (record: OutputRecord): void => {
    pipeline.publish(record, { early: draw(chance, 4) });
    if (repeatsLeft > 0 && draw(chance, 4) === 0) {
      repeatsLeft--;
      pipeline.publish(record, { early: draw(chance, 4), repeated: true });
    }
  };

  scenario.deliveries.forEach((delivery, i) => publish(stockAdded(numbered(i, 1), delivery)));
  if (scenario.stockedFirst) pipeline.drain();
  scenario.orders.forEach(({ lines, customer, total }, i) =>
    publish(orderPlaced({ orderId: numbered(i), customerId: numbered(customer, 2), lines, total })),
  );
  const words = laterWords(scenario);
  const paid = new Set<string>();
  for (;;) {
    const unread = pipeline.unread();
    if (unread.length === 0 && words.length === 0) return pipeline;
    if (unread.length === 0 || draw(chance, 8) === 0) words.splice(0, 1).forEach(publish);
    else pipeline.step(unread[draw(chance, unread.length)] as string).forEach(publish);
    for (const approved of pipeline.events('OrderApproved')) {
      const { orderId } = approved.payload;
      if (paid.has(orderId)) continue;
      paid.add(orderId);
      const end = scenario.orders[orderNumber(orderId)]?.end ?? 'paid';
      paymentOf(approved, end).forEach(publish);
    }
  }
}

/** They come at any moment: some before anybody has looked at the order, some long after. */
function laterWords({ orders }: Scenario): OutputRecord[] {
  return orders.flatMap(({ overdue, cancelRequested }, i) => [
    ...(cancelRequested ? [laterWord(numbered(i), 'OrderCancelRequested')] : []),
    ...(overdue ? [laterWord(numbered(i), 'OrderOverdue')] : []),
  ]);
}

const orderNumber = (orderId: string): number => parseInt(orderId.slice(-12), 16);
type DecidedOrder = { readonly payload: { readonly orderId: string } };
const isTooLate = ({ reasons }: Payload<'OrderRejected'>): boolean =>
  reasons.some(({ text }) => text.includes('in time'));
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

function heldBySku(pipeline: Pipeline, sku: string): number {
  const rows = [...pipeline.rows(stock)].filter(([key]) => key.startsWith(`${sku}/0|`));
  return sum(rows.map(([, row]) => ('held' in row ? row.held : 0)));
}

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
          const free = freeIn({ get: (of, key) => pipeline.rows(of).get(key) }, `${sku}/0`);
          const held = heldBySku(pipeline, sku);
          expect(free).toBeGreaterThanOrEqual(0);
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
