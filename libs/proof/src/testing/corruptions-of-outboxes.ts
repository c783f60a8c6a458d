import { eventId, orderPlacedId, topics } from '@checkout/events';
import type { Draft } from './draft.js';
import {
  committed,
  corruption,
  hide,
  orderIdOf,
  ordersThatAre,
  payloadOf,
  rewrite,
  write,
  type Corruption,
  type DraftRecord,
} from './planting.js';

const NEVER = '018f0000-0000-5000-8000-00000000dead';
const NOBODY = '018f0000-0000-7000-8000-00000000beef';

type Row = Draft['orders']['outbox'][number];

function rowOf(draft: Draft, { key }: DraftRecord): Row | undefined {
  return [...draft.orders.outbox, ...draft.payments.outbox].find(({ id }) => id === key);
}

function onlyCanary(draft: Draft): DraftRecord | undefined {
  const all = committed(draft, 'outboxCanary');
  return all.find(({ key }) => all.filter((one) => one.key === key).length === 1);
}

/** A record against its row, in one thing each: the tables are right. */
const differences: readonly Corruption[] = [
  corruption('A05', 'a wish to cancel stands on its topic as another event', (draft) => {
    const [record] = committed(draft, 'outboxOrder', 'OrderCancelRequested');
    if (!record) return false;
    record.headers['type'] = 'OrderOverdue';
  }),
  corruption('A05', 'a payment stands on its topic with another cause', (draft) => {
    const [record] = committed(draft, 'outboxPayment', 'PaymentSucceeded');
    if (!record) return false;
    record.headers['causation-id'] = NEVER;
  }),
  corruption('A05', 'a record of an outbox has another key than its row', (draft) => {
    const [record] = committed(draft, 'outboxOrder', 'OrderPlaced');
    if (!record) return false;
    record.key = NEVER;
    rewrite(draft, record, record.value ?? '');
  }),
  corruption(
    'A05',
    'a record has no id but its key, and is not what lies in the outbox',
    (draft) => {
      const record = onlyCanary(draft);
      if (!record) return false;
      delete record.headers['id'];
      record.headers['type'] = 'Bird';
    },
  ),
  corruption('A05', 'a canary lies on another partition than its row says', (draft) => {
    const record = onlyCanary(draft);
    const row = record && rowOf(draft, record);
    if (!record || !row) return false;
    hide(draft, record);
    const { topic, partition, offset } = write(draft, { ...record, partition: 1 });
    row.published = { topic, partition, offset };
  }),
  corruption('A05', 'a record of an outbox stands on the topic of the canaries, too', (draft) => {
    const [record] = committed(draft, 'outboxOrder', 'OrderPlaced');
    if (!record) return false;
    write(draft, { ...record, topic: topics.outboxCanary.name });
  }),
];

/** Says a thing once more, or something else, in an outbox and on its topic. */
function tellLater(
  draft: Draft,
  told: { readonly orderId: string; readonly id: string; readonly type: string },
): void {
  const { orderId, id, type } = told;
  const placed = committed(draft, 'outboxOrder', 'OrderPlaced').find((record) => {
    return orderIdOf(record) === orderId;
  });
  if (!placed) throw new Error('an order that was not told');
  const causationId = orderPlacedId(orderId);
  const { customerId } = payloadOf<{ customerId: string }>(placed);
  const occurredAt = '2026-01-05T10:00:00.000Z';
  const payload = JSON.stringify({ orderId, customerId, occurredAt });
  const headers = { ...placed.headers, id, type, 'causation-id': causationId };
  const { topic, partition, offset } = write(draft, {
    ...placed,
    key: id,
    value: payload,
    headers,
  });
  const aggregate = { aggregateType: 'order', aggregateId: orderId };
  const row = { id, ...aggregate, type, causationId, partition, payload, xid: '4' };
  draft.orders.outbox.push({ ...row, published: { topic, partition, offset } });
}

function calm(draft: Draft) {
  return ordersThatAre(draft, 'booked').find((one) => !one.cancelRequested && !one.overdue);
}

/** Orders and payments against what was told of them. */
const told: readonly Corruption[] = [
  corruption('A04', 'an event tells of an order that is nowhere, and no key of it is', (draft) => {
    const [order] = draft.orders.orders;
    if (!order) return false;
    const { orders } = draft;
    const isOther = ({ orderId }: { orderId: string | null }) => orderId !== order.id;
    orders.orders = orders.orders.filter(({ id }) => id !== order.id);
    orders.lines = orders.lines.filter(isOther);
    orders.keys = orders.keys.filter(isOther);
    draft.recordings.history = null;
  }),
  corruption('A04', 'an event tells of another time than the order has', (draft) => {
    const [order] = draft.orders.orders;
    if (!order) return false;
    order.placedAt = new Date(Date.parse(order.placedAt) + 1).toISOString();
  }),
  corruption('A04', 'a wish to cancel names another customer', (draft) => {
    const [record] = committed(draft, 'outboxOrder', 'OrderCancelRequested');
    const row = record && rowOf(draft, record);
    if (!row) return false;
    row.payload = JSON.stringify({ ...payloadOf<object>(record), customerId: NOBODY });
    for (const one of committed(draft, 'outboxOrder')) {
      if (one.key === record.key) rewrite(draft, one, row.payload);
    }
  }),
  ...['OrderCancelRequested', 'OrderOverdue'].map((type) =>
    corruption('A04', `an ${type} was told under an id that follows from no order`, (draft) => {
      const order = calm(draft);
      if (!order) return false;
      tellLater(draft, { orderId: order.id, id: NEVER, type });
    }),
  ),
  corruption('A04', 'an order was told to be overdue, and is not', (draft) => {
    const order = calm(draft);
    if (!order) return false;
    const type = 'OrderOverdue';
    tellLater(draft, { orderId: order.id, id: eventId(orderPlacedId(order.id), type), type });
  }),
  corruption('A04', 'an order is overdue, and nobody was told', (draft) => {
    const order = calm(draft);
    if (!order) return false;
    order.overdue = true;
  }),
  ...['DECLINED', 'CANCELLED', 'REFUNDED'].map((state) =>
    corruption('A04', `a payment is ${state} by no database transaction`, (draft) => {
      const payment = draft.payments.payments.find((one) => one.state === state);
      if (!payment) return false;
      payment.decidedXid = null;
    }),
  ),
  corruption('A04', 'a payment is given back by no database transaction', (draft) => {
    const payment = draft.payments.payments.find(({ state }) => state === 'REFUNDED');
    if (!payment) return false;
    payment.refundedXid = null;
  }),
];

/** What lies in an outbox, and what is told of it. */
export const corruptionsOfOutboxes: readonly Corruption[] = [...differences, ...told];
