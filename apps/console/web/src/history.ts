import type { OrderView } from '@checkout/api';

/**
 * News may arrive twice, late and from two sides (stream and question): the higher version is the
 * truth. A wish to cancel is never taken back.
 */
export function latest(known: OrderView | undefined, news: OrderView): OrderView {
  if (!known) return news;
  const newest = news.version >= known.version ? news : known;
  const cancelRequested = known.cancelRequested ?? news.cancelRequested;
  return cancelRequested ? { ...newest, cancelRequested } : newest;
}

export type OrderStatus = OrderView['status'];

export interface Step {
  readonly status: OrderStatus;
  readonly state: 'done' | 'expected';
  readonly at: string | null;
}

const GOOD_PATH: readonly OrderStatus[] = ['placed', 'approved', 'paid', 'booked'];
const ENDED: readonly OrderStatus[] = ['rejected', 'payment_failed', 'cancelled', 'refunded'];

/** Nothing can be cancelled any more. */
export function hasEnded({ status }: OrderView): boolean {
  return ENDED.includes(status);
}

/** The card was charged, and the money has not gone back. */
export function isCharged({ status }: OrderView): boolean {
  return status === 'paid' || status === 'booked';
}

/** What has happened, and what is still to come while all goes as it is wished. */
export function steps(order: OrderView): readonly Step[] {
  return [
    ...order.history.map((step) => ({ ...step, state: 'done' as const })),
    ...expected(order).map((status) => ({ status, at: null, state: 'expected' as const })),
  ];
}

function expected(order: OrderView): readonly OrderStatus[] {
  if (hasEnded(order)) return [];
  const onTheGoodPath = GOOD_PATH.slice(GOOD_PATH.indexOf(order.status) + 1);
  if (!order.cancelRequested) return onTheGoodPath;
  return isCharged(order) ? [...onTheGoodPath, 'refunded'] : ['cancelled'];
}
