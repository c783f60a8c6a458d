import type { Draft } from './draft.js';
import { committed, corruption, ordersThatAre, type Corruption } from './planting.js';

function historyOf(draft: Draft, status: string) {
  const [order] = ordersThatAre(draft, status);
  const steps = draft.orders.history.filter(({ orderId }) => orderId === order?.id);
  return { order, steps };
}

const NEVER = '018f0000-0000-5000-8000-00000000dead';

export const corruptionsOfOrders: readonly Corruption[] = [
  corruption('A28', 'a version is missing from a history', (draft) => {
    const { order, steps } = historyOf(draft, 'booked');
    if (!order) return false;
    draft.orders.history = draft.orders.history.filter((row) => row !== steps[1]);
  }),
  corruption('A28', 'a step is not legal', (draft) => {
    const { steps } = historyOf(draft, 'booked');
    if (!steps[1]) return false;
    steps[1].status = 'rejected';
  }),
  corruption('A28', 'an order is not where its history ends', (draft) => {
    const { order } = historyOf(draft, 'booked');
    if (!order) return false;
    order.status = 'paid';
  }),
  corruption('A28', 'a version was told twice', (draft) => {
    const [told] = draft.orders.told;
    if (!told) return false;
    draft.orders.told.push({ ...told });
  }),
  corruption('A28', 'a wish to cancel was told to nobody', (draft) => {
    const wish = draft.orders.told.findIndex((row) => row.wish);
    if (wish < 0) return false;
    draft.orders.told.splice(wish, 1);
  }),
  corruption('A28', 'a wish was told that nobody has had', (draft) => {
    const calm = draft.orders.orders.find((order) => !order.cancelRequested);
    if (!calm) return false;
    draft.orders.told.push({ orderId: calm.id, version: calm.version, wish: true });
  }),
  corruption('A29', 'an order is cancelled whose card was declined', (draft) => {
    const { order, steps } = historyOf(draft, 'payment_failed');
    const last = steps.at(-1);
    if (!order || !last) return false;
    order.status = 'cancelled';
    last.status = 'cancelled';
  }),
  corruption('A36', 'an event has a mark and never was', (draft) => {
    draft.orders.inbox.push({ group: 'order.status', eventId: NEVER });
  }),
  corruption('A36', 'payment has a mark of an event that never was', (draft) => {
    draft.payments.inbox.push({ group: 'payment.charge', eventId: NEVER });
  }),
  corruption('A34', 'a payment names another cause than an approval', (draft) => {
    const [paid] = committed(draft, 'outboxPayment', 'PaymentSucceeded');
    const row = draft.payments.outbox.find(({ id }) => id === paid?.key);
    const again = committed(draft, 'outboxPayment').filter(({ key }) => key === paid?.key);
    if (!paid || !row) return false;
    row.causationId = '018f0000-0000-5000-8000-00000000dead';
    for (const record of again) record.headers['causation-id'] = row.causationId;
  }),
];
