import { mean, percentile } from './statistics.js';

/**
 * The way of one order as moments in milliseconds since 1970, all by the clock of one machine. A
 * hop ends where its moment lies and begins where the one before lay, so the hops together are the
 * whole way.
 */
export interface OrderTimes {
  /** The 201 had arrived at the client. */
  readonly accepted: number;
  readonly outboxOrder: number;
  readonly approved: number;
  readonly paymentRow: number;
  readonly outboxPayment: number;
  readonly ledger: number;
  /** The row that says so was written in the order service's database. */
  readonly booked: number;
}

export type Moment = keyof OrderTimes;

export const HOPS: readonly { readonly to: Moment; readonly title: string }[] = [
  { to: 'outboxOrder', title: '201 answered → record on outbox.order' },
  { to: 'approved', title: 'outbox.order → orders.approved' },
  { to: 'paymentRow', title: 'orders.approved → charged, payment outbox row' },
  { to: 'outboxPayment', title: 'payment outbox row → outbox.payment' },
  { to: 'ledger', title: 'outbox.payment → ledger' },
  { to: 'booked', title: 'ledger → booked, order history row' },
];

export const total = (times: OrderTimes): number => times.booked - times.accepted;

/**
 * Milliseconds a hop, in the order of HOPS. What causes something comes before it: where timestamps
 * say otherwise, the hop counts as none, and the sum shows the contradiction instead of hiding it.
 * The first hop alone may be negative, because the answer and the record both follow from the
 * commit, and either may be the faster one.
 */
export function hopsOf(times: OrderTimes): readonly number[] {
  return steps(times).map((step, n) => (n === 0 ? step : Math.max(0, step)));
}

function steps(times: OrderTimes): readonly number[] {
  const moments = [times.accepted, ...HOPS.map(({ to }) => times[to])];
  return HOPS.map((_, n) => (moments[n + 1] ?? 0) - (moments[n] ?? 0));
}

/** How far the hops of one order are from its total, as a share of the total. */
export function deviation(times: OrderTimes): number {
  const sum = hopsOf(times).reduce((all, hop) => all + hop, 0);
  return Math.abs(sum - total(times)) / Math.max(1, total(times));
}

/** The hop that ends most before it begins, in words; undefined when there is none. */
export function backwards(times: OrderTimes): string | undefined {
  const [, ...causal] = steps(times);
  const worst = Math.min(...causal);
  const title = HOPS[causal.indexOf(worst) + 1]?.title;
  return worst < 0 ? `${title}: ${worst.toFixed(1)} ms` : undefined;
}

/** Hops that do not add up measure something else than the way of the order. */
export const ALLOWED_DEVIATION = 0.05;

/** A rate that is held leaves no longer a queue behind when the last order comes. */
const ALLOWED_QUEUE_SECONDS = 2;

/**
 * Undefined for a rate that was held. Else how many orders stood in the queue: how long one waits
 * in a queue that grows is a matter of how long the run was, and no figure.
 */
export function queueOf(orders: readonly OrderTimes[], perSecond: number): number | undefined {
  const last = Math.max(...orders.map(({ accepted }) => accepted));
  const queue = orders.filter(({ booked }) => booked > last).length;
  return queue > perSecond * ALLOWED_QUEUE_SECONDS ? queue : undefined;
}

export interface HopFigures {
  readonly title: string;
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
}

export function figuresOf(orders: readonly OrderTimes[]): {
  readonly hops: readonly HopFigures[];
  readonly total: HopFigures;
} {
  const rows = orders.map(hopsOf);
  const hops = HOPS.map(({ title }, n) =>
    figures(
      title,
      rows.map((row) => row[n] ?? Number.NaN),
    ),
  );
  return { hops, total: figures('201 answered → booked', orders.map(total)) };
}

export function figures(title: string, values: readonly number[]): HopFigures {
  return {
    title,
    mean: mean(values),
    p50: percentile(values, 50),
    p99: percentile(values, 99),
  };
}
