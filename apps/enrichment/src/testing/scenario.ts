import type { OutputRecord } from '@checkout/eos';
import { readEvent } from '@checkout/events';
import fc from 'fast-check';
import { stock, type StockRow } from '../inventory/stock.js';
import {
  ENDS,
  laterWord,
  numbered,
  orderPlaced,
  paymentOf,
  stockAdded,
  type End,
  type Line,
} from './given.js';
import { Pipeline } from './pipeline.js';

/** Random orders and deliveries, and how they are played. */
export const skus = ['espresso-cup', 'tea-pot', 'limited-print'] as const;

const line = fc.record({ sku: fc.constantFrom(...skus), quantity: fc.integer({ min: 1, max: 5 }) });
export const orders = fc.array(
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
export const deliveries = fc.array(
  fc.record({ sku: fc.constantFrom(...skus), quantity: fc.integer({ min: 1, max: 40 }) }),
  { maxLength: 6 },
);
export const chance = fc.infiniteStream(fc.nat());

export type Chance = Iterator<number>;
export const draw = (chance: Chance, below: number): number =>
  (chance.next().value as number) % below;

export interface PlannedOrder {
  readonly lines: readonly Line[];
  readonly customer: number;
  readonly total: string;
  /** What becomes of its payment, if it is approved. */
  readonly end: End;
  /** The watchdog says at some moment that time is up. */
  readonly overdue: boolean;
  readonly cancelRequested: boolean;
}

export interface Scenario {
  readonly orders: readonly PlannedOrder[];
  readonly deliveries: readonly Line[];
  /** All deliveries are counted before the first order. */
  readonly stockedFirst?: boolean;
}

/** Is shown what each step has written. */
export type Look = (written: readonly OutputRecord[], pipeline: Pipeline) => void;

/** Plays a scenario to the end, with records overtaking each other and coming again by chance. */
export function play(scenario: Scenario, chance: Chance, look: Look = () => undefined): Pipeline {
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
  const pay = (record: OutputRecord): void => {
    if (record.headers['type'] !== 'OrderApproved') return;
    const approved = readEvent(record, 'OrderApproved');
    const end = scenario.orders[orderNumber(approved.payload.orderId)]?.end ?? 'paid';
    paymentOf(approved, end).forEach(publish);
  };
  for (;;) {
    const unread = pipeline.unread();
    if (unread.length === 0 && words.length === 0) return pipeline;
    if (unread.length === 0 || draw(chance, 8) === 0) words.splice(0, 1).forEach(publish);
    else {
      const written = pipeline.step(unread[draw(chance, unread.length)] as string);
      written.forEach(publish);
      written.forEach(pay);
      look(written, pipeline);
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

export const orderNumber = (orderId: string): number => parseInt(orderId.slice(-12), 16);
export const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Over all its buckets. */
export function pieces(pipeline: Pipeline, sku: string, of: (row: StockRow) => number): number {
  const rows = [...pipeline.rows(stock)].filter(([key]) => key.startsWith(`${sku}/`));
  return sum(rows.map(([, row]) => of(row)));
}
export const freeOf = (row: StockRow): number => ('free' in row ? row.free : 0);
export const heldOf = (row: StockRow): number => ('held' in row ? row.held : 0);
