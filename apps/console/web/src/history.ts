import type { Order, OrderStatus } from './types';

/**
 * News may arrive twice, late and from two sides (stream and question): the higher version is the
 * truth. A wish to cancel is never taken back.
 */
export function latest(known: Order | undefined, news: Order): Order {
  if (!known) return news;
  const newest = news.version >= known.version ? news : known;
  const cancelRequested = known.cancelRequested ?? news.cancelRequested;
  return cancelRequested ? { ...newest, cancelRequested } : newest;
}

export interface Step {
  readonly status: OrderStatus;
  readonly state: 'done' | 'expected';
  readonly at: string | null;
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
  refunded: [...GOOD_PATH, 'refunded'],
};
const ENDED: readonly OrderStatus[] = ['rejected', 'payment_failed', 'cancelled', 'refunded'];

/** Nothing can be cancelled any more. */
export function hasEnded({ status }: Order): boolean {
  return ENDED.includes(status);
}

/** Nothing more will happen by itself. */
export function isAtRest(order: Order): boolean {
  return hasEnded(order) || (order.status === 'booked' && !order.cancelRequested);
}

/** What has happened, and what is still to come while all goes as it is wished. */
export function steps(order: Order): readonly Step[] {
  const at = new Map(order.history?.map((step) => [step.status, step.at]));
  const done = PATHS[order.status].map((status) => ({ status, state: 'done' as const }));
  const open = expected(order).map((status) => ({ status, state: 'expected' as const }));
  return [...done, ...open].map((step) => ({ ...step, at: at.get(step.status) ?? null }));
}

function expected(order: Order): readonly OrderStatus[] {
  if (isAtRest(order)) return [];
  if (!order.cancelRequested) return GOOD_PATH.slice(PATHS[order.status].length);
  const charged = order.status === 'paid' || order.status === 'booked';
  return charged ? [...GOOD_PATH.slice(PATHS[order.status].length), 'refunded'] : ['cancelled'];
}
