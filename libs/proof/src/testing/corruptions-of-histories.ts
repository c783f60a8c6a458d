import type { Draft } from './draft.js';
import { corruption, ordersThatAre, type Corruption } from './planting.js';
import { REASONS } from './simulated-projection.js';
import { calmOrder } from './unpaid.js';

const NOBODY = '018f0000-0000-7000-8000-00000000beef';

type Order = Draft['orders']['orders'][number];

/** Another history of an order, as it was told and seen: nobody contradicts it. */
function relate(draft: Draft, order: Order, statuses: readonly string[]): void {
  const { id: orderId, customerId } = order;
  const { orders, recordings } = draft;
  const steps = statuses.map((status, i) => {
    return { orderId, version: i + 1, status, reason: REASONS[status] ?? null };
  });
  orders.history = [...orders.history.filter((row) => row.orderId !== orderId), ...steps];
  const first = Math.max(...orders.told.map(({ seq }) => seq)) + 1;
  const isKept = (row: Draft['orders']['told'][number]) => row.orderId !== orderId || row.wish;
  const told = steps.map(({ version }, i) => {
    return { orderId, customerId, seq: first + 2 * i, version, wish: false };
  });
  const wishes = orders.told.filter((row) => row.orderId === orderId && row.wish);
  for (const wish of wishes) wish.seq = first + 2 * (wish.version - 1) + 1;
  orders.told = [...orders.told.filter(isKept), ...told];
  recordings.reads = (recordings.reads ?? []).filter((read) => read.orderId !== orderId);
  const { status, version, reason } = steps.at(-1) ?? order;
  Object.assign(order, { status, version, reason });
}

const related = (turnsRed: string, status: string, statuses: readonly string[]): Corruption =>
  corruption(turnsRed, `an order that is ${status} was ${statuses.join(', ')}`, (draft) => {
    const [order] = ordersThatAre(draft, status);
    if (!order) return false;
    relate(draft, order, statuses);
  });

/** The way that an order is said to have gone: history, stream and readers agree. */
export const corruptionsOfHistories: readonly Corruption[] = [
  related('A28', 'booked', ['paid', 'booked']),
  related('A28', 'booked', ['placed', 'paid', 'booked']),
  related('A28', 'payment_failed', ['placed', 'payment_failed']),
  related('A28', 'rejected', ['placed', 'rejected', 'approved', 'payment_failed']),
  related('A29', 'rejected', ['placed', 'approved', 'payment_failed']),
  related('A29', 'payment_failed', ['placed', 'rejected']),
  related('A29', 'cancelled', ['placed', 'approved', 'payment_failed']),
  related('A29', 'booked', ['placed', 'approved', 'paid']),
  corruption('A28', 'an order is in another version than its history ends with', (draft) => {
    const order = calmOrder(draft);
    if (!order) return false;
    order.version += 1;
  }),
  corruption('A28', 'a history has a hole that nobody was told of', (draft) => {
    const order = calmOrder(draft);
    const { orders, recordings } = draft;
    if (!order) return false;
    relate(draft, order, ['placed', 'approved', 'paid', 'booked']);
    for (const row of [...orders.history, ...orders.told]) {
      if (row.orderId === order.id && row.version > 1) row.version += 1;
    }
    order.version += 1;
    recordings.reads = null;
  }),
  corruption('A28', 'a version was told to nobody', (draft) => {
    const told = draft.orders.told.findIndex(({ version, wish }) => version === 2 && !wish);
    if (told < 0) return false;
    draft.orders.told.splice(told, 1);
  }),
  corruption('A28', 'an order that is not there was told of', (draft) => {
    const [told] = draft.orders.told;
    if (!told) return false;
    draft.orders.told.push({ ...told, orderId: NOBODY });
  }),
];
