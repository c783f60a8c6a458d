import { mean, percentile } from './statistics.js';

/**
 * The way of one order as moments in milliseconds since 1970, all by the clock of one machine. A hop ends where its
 * moment lies and begins where the one before lay, so the hops together are the whole way.
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
 * Milliseconds a hop, in the order of HOPS. A hop cannot take less than no time: where clocks or timestamps say so, it
 * counts as none, and the sum shows the contradiction instead of hiding it.
 */
export function hopsOf(times: OrderTimes): readonly number[] {
  const moments = [times.accepted, ...HOPS.map(({ to }) => times[to])];
  return HOPS.map((_, n) => Math.max(0, (moments[n + 1] ?? 0) - (moments[n] ?? 0)));
}

/** How far the hops of one order are from its total, as a share of the total. */
export function deviation(times: OrderTimes): number {
  const sum = hopsOf(times).reduce((all, hop) => all + hop, 0);
  return Math.abs(sum - total(times)) / Math.max(1, total(times));
}

/** Hops that do not add up measure something else than the way of the order. */
export const ALLOWED_DEVIATION = 0.05;

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
