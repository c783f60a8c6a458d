import { store } from '@checkout/eos';
import { changelogs, topics } from '@checkout/events';
import { minorUnits, type Money } from '@checkout/money';

/**
 * How fast a customer orders, in event time: the clock is `occurredAt`, never ours, so that a
 * backlog of an hour is judged like the live stream.
 *
 *   `<customer id>`               when this customer ordered lately
 *   `<customer id>|<order id>`    the verdict, with what it was based on
 *
 * The first row is bounded: times older than the newest by more than the window and a margin go.
 * The second stays for ever: it is how a repeat is known after its time has gone, and why an order
 * counts once however often it is asked about.
 * Not promised: a full count for an order that arrives later than the margin, or among more than
 * {@link MAX_TIMES} orders of one customer. It is judged by the times that are left.
 */
export type VelocityRow = RecentOrders | Verdict;

export interface RecentOrders {
  /** Milliseconds since the epoch, ascending; one per distinct order. */
  readonly times: readonly number[];
}

export interface Verdict {
  readonly ordersInWindow: number;
  readonly total: Money;
  readonly occurredAt: string;
  readonly refused?: RefusalReason;
}

export type RefusalReason = 'too-many-orders' | 'amount-too-large';

export const velocity = store<VelocityRow>({
  name: 'velocity',
  changelog: changelogs.velocity.name,
  fedBy: topics.fraud.name,
});

export const WINDOW_MS = 60_000;
const MAX_ORDERS_IN_WINDOW = 20;
const MAX_TOTAL_MINOR_UNITS = 1_000_000n;
/** A customer's orders lie on several partitions, which may lag behind each other by minutes. */
export const LATE_ARRIVAL_MS = 10 * 60_000;
/** Twice what the limit lets through in window and margin: a flood must not make the row large. */
export const MAX_TIMES = 500;

/**
 * `times` are the other orders that were seen before this one, ascending. A customer's orders come
 * from several partitions in any order, so one that arrives late is judged by the fullest window
 * that it lies in, with the later ones: whatever arrives when, no window holds more cleared orders
 * than the limit.
 */
export function judge(
  times: readonly number[],
  order: { readonly total: Money; readonly occurredAt: string },
): Verdict {
  const { total, occurredAt } = order;
  const ordersInWindow = fullestWindow(times, Date.parse(occurredAt));
  const refused = refusalOf(ordersInWindow, total);
  return { ordersInWindow, total, occurredAt, ...(refused && { refused }) };
}

/** Of all windows that begin with an order and hold this one: orders in the fullest. */
function fullestWindow(times: readonly number[], at: number): number {
  const near = [...times.filter((time) => Math.abs(time - at) <= WINDOW_MS), at];
  near.sort((a, b) => a - b);
  let fullest = 0;
  let end = 0;
  for (const [begin, first] of near.entries()) {
    if (first > at) break;
    while ((near[end] ?? Infinity) <= first + WINDOW_MS) end++;
    fullest = Math.max(fullest, end - begin);
  }
  return fullest;
}

/** The amount first: it does not depend on what else the customer did. */
function refusalOf(ordersInWindow: number, total: Money): RefusalReason | undefined {
  if (minorUnits(total) > MAX_TOTAL_MINOR_UNITS) return 'amount-too-large';
  if (ordersInWindow > MAX_ORDERS_IN_WINDOW) return 'too-many-orders';
  return undefined;
}

export function withOrder(times: readonly number[], occurredAt: string): RecentOrders {
  const sorted = [...times, Date.parse(occurredAt)].sort((a, b) => a - b);
  const newest = sorted.at(-1) ?? 0;
  const kept = sorted.filter((time) => time >= newest - WINDOW_MS - LATE_ARRIVAL_MS);
  return { times: kept.slice(-MAX_TIMES) };
}
