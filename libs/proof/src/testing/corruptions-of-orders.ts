import { eventId, orderPlacedId } from '@checkout/events';
import { sha256 } from '../recordings/client-history.js';
import type { Draft } from './draft.js';
import { committed, corruption, ordersThatAre, rewrite, type Corruption } from './planting.js';

function historyOf(draft: Draft, status: string) {
  const [order] = ordersThatAre(draft, status);
  const steps = draft.orders.history.filter(({ orderId }) => orderId === order?.id);
  return { order, steps };
}

const NEVER = '018f0000-0000-5000-8000-00000000dead';
const NOBODY = '018f0000-0000-7000-8000-00000000beef';
const HOUR_MS = 3_600_000;

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
    const { id: orderId, customerId, version } = calm;
    const seq = draft.orders.told.length + 1;
    draft.orders.told.push({ orderId, customerId, seq, version, wish: true });
  }),
  corruption('A28', 'a version was told to another customer', (draft) => {
    const [told] = draft.orders.told;
    if (!told) return false;
    told.customerId = NOBODY;
  }),
  corruption('A28', 'a version was told before the one before it', (draft) => {
    const { order } = historyOf(draft, 'booked');
    const [first, second] = draft.orders.told.filter(({ orderId }) => orderId === order?.id);
    if (!first || !second) return false;
    [first.seq, second.seq] = [second.seq, first.seq];
  }),
  corruption('A28', 'an order that is not there has a history', (draft) => {
    const step = { version: 1, status: 'placed', reason: null };
    draft.orders.history.push({ orderId: NOBODY, ...step });
  }),
  corruption('A05', 'an outbox row is filed under another order', (draft) => {
    const row = draft.orders.outbox.find(({ type }) => type === 'OrderPlaced');
    if (!row) return false;
    row.aggregateId = NOBODY;
  }),
  corruption('A01', 'a cancel of an old order had a yes, and is nowhere', (draft) => {
    const { order } = historyOf(draft, 'booked');
    if (!order || order.cancelRequested) return false;
    const { id: orderId, customerId } = order;
    draft.orders.readAt += 73 * HOUR_MS;
    const asked = { op: 'cancel', customerId, key: 'today', bodyHash: orderId } as const;
    const answered = { result: 'ok', orderId, responseHash: sha256('a yes') } as const;
    draft.recordings.history?.push({ ...asked, ...answered });
  }),
  corruption('A04', 'an old order is cancelled today, and no key has asked for it', (draft) => {
    const order = draft.orders.orders.find(({ cancelRequested }) => cancelRequested);
    const id = eventId(orderPlacedId(order?.id ?? NOBODY), 'OrderCancelRequested');
    const wish = draft.orders.outbox.find((row) => row.id === id);
    if (!order || !wish) return false;
    const payload = JSON.parse(wish.payload) as { occurredAt: string };
    draft.orders.readAt += 73 * HOUR_MS;
    payload.occurredAt = new Date(draft.orders.readAt - HOUR_MS).toISOString();
    wish.payload = JSON.stringify(payload);
    for (const record of committed(draft, 'outboxOrder', 'OrderCancelRequested')) {
      if (record.key === id) rewrite(draft, record, wish.payload);
    }
    draft.orders.keys = draft.orders.keys.filter((key) => key.orderId !== order.id);
    draft.recordings.history = null;
  }),
  corruption('A28', 'a client was told that an accepted order is not there', (draft) => {
    const [read] = draft.recordings.reads ?? [];
    if (!read) return false;
    read.seen = null;
  }),
  corruption('A28', 'a client saw a status that the order has not had', (draft) => {
    const read = draft.recordings.reads?.find(({ seen }) => seen?.status === 'booked');
    if (!read?.seen) return false;
    read.seen.status = 'cancelled';
  }),
  corruption('A28', 'a client saw an order go back', (draft) => {
    const { reads } = draft.recordings;
    const newer = reads?.find(({ seen }) => seen?.version === 2);
    const older = reads?.find(({ orderId }) => orderId === newer?.orderId);
    if (!reads || !newer || !older) return false;
    const askedAt = newer.answeredAt + 1;
    reads.push({ ...older, askedAt, answeredAt: askedAt + 1 });
  }),
  corruption('A29', 'an order is cancelled whose card was declined', (draft) => {
    const { order, steps } = historyOf(draft, 'payment_failed');
    const last = steps.at(-1);
    if (!order || !last) return false;
    order.status = 'cancelled';
    last.status = 'cancelled';
    for (const { orderId, seen } of draft.recordings.reads ?? []) {
      if (orderId === order.id && seen?.version === last.version) seen.status = 'cancelled';
    }
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
