import type { Order, OrderStatus } from './types';

/**
 * An order as this page has come to know it: with the moments at which it saw the status change.
 */
export interface KnownOrder extends Order {
  readonly seen: Partial<Record<OrderStatus, string>>;
}

/**
 * News may arrive twice, late and from two sides (stream and question): the higher version is the
 * truth.
 * `at` is the moment of the change as this page has seen it, null for what happened while nobody
 * looked.
 */
export function learn(known: KnownOrder | undefined, news: Order, at: string | null): KnownOrder {
  if (known && news.version <= known.version) return known;
  const seen: KnownOrder['seen'] = { placed: news.placedAt, ...known?.seen };
  return { ...news, seen: at && !seen[news.status] ? { ...seen, [news.status]: at } : seen };
}

export interface Step {
  readonly status: OrderStatus;
  readonly state: 'done' | 'expected';
  readonly at: string | undefined;
}

const GOOD_PATH: readonly OrderStatus[] = ['placed', 'approved', 'paid', 'booked'];
/** The statuses an order has been through, by the one it has. */
const PATHS: Record<OrderStatus, readonly OrderStatus[]> = {
  placed: ['placed'],
  approved: ['placed', 'approved'],
  paid: ['placed', 'approved', 'paid'],
  booked: GOOD_PATH,
  rejected: ['placed', 'rejected'],
  payment_failed: ['placed', 'approved', 'payment_failed'],
  cancelled: ['placed', 'approved', 'cancelled'],
  refunded: ['placed', 'approved', 'paid', 'refunded'],
};
/**
 * Nothing more is to come; `booked` can still become `refunded`, but only at the customer's wish.
 */
const FINAL: readonly OrderStatus[] = [
  'booked',
  'rejected',
  'payment_failed',
  'cancelled',
  'refunded',
];

function isFinal(status: OrderStatus): boolean {
  return FINAL.includes(status);
}

/** What has happened, and while all goes well also what is still to come. */
export function steps(order: KnownOrder): readonly Step[] {
  const done = PATHS[order.status];
  const expected = isFinal(order.status) ? [] : GOOD_PATH.slice(done.length);
  return [
    ...done.map((status) => ({ status, state: 'done' as const, at: order.seen[status] })),
    ...expected.map((status) => ({ status, state: 'expected' as const, at: undefined })),
  ];
}
