import { eventId, orderPlacedId, partitionOf, topics } from '@checkout/events';
import { sha256 } from '../recordings/client-history.js';
import type { Draft } from './draft.js';
import {
  committed,
  corruption,
  hide,
  aboutToSend,
  ordersThatAre,
  rewrite,
  write,
  type Corruption,
} from './planting.js';
import { CANCEL } from './simulated-shop.js';

type Order = Draft['orders']['orders'][number];

const KEY = 'the key of a cancel';

/** An order that is booked and stays so. */
function calm(draft: Draft): Order | undefined {
  return ordersThatAre(draft, 'booked').find(({ cancelRequested }) => !cancelRequested);
}

/** The answer to a cancel is kept, whatever else was done. */
function answer(draft: Draft, { id, customerId }: Order): string {
  const response = JSON.stringify({ id, cancelRequested: true });
  const row = { customerId, route: CANCEL, key: KEY, requestHash: id, response };
  draft.orders.keys.push({ ...row, status: 202, orderId: id });
  aboutToSend(draft, { op: 'cancel', customerId, key: KEY, bodyHash: id });
  return response;
}

/** What the client knows of it. */
function sent(draft: Draft, { id, customerId }: Order, response: string | null): void {
  const common = { op: 'cancel', customerId, key: KEY, bodyHash: id } as const;
  draft.recordings.history?.push(
    response === null
      ? { ...common, result: 'unknown', orderId: null, responseHash: null }
      : { ...common, result: 'ok', orderId: id, responseHash: sha256(response) },
  );
}

/** The wish is noted, told to the customer and to payment, which has a mark of it. */
function wish(draft: Draft, order: Order): void {
  const { id: orderId, customerId, version } = order;
  const cause = orderPlacedId(orderId);
  const id = eventId(cause, 'OrderCancelRequested');
  const type = 'OrderCancelRequested';
  const payload = JSON.stringify({ orderId, customerId, occurredAt: '2026-01-05T10:00:00.000Z' });
  const topic = topics.outboxOrder.name;
  const partition = partitionOf(orderId, topics.outboxOrder.partitions);
  const headers = { id, type, 'schema-version': '1', 'causation-id': cause };
  const { offset } = write(draft, { topic, partition, key: id, value: payload, headers });
  const published = { topic, partition, offset };
  const aggregate = { aggregateType: 'order', aggregateId: orderId };
  const row = { id, ...aggregate, type, causationId: cause, partition, payload, xid: '4' };
  draft.orders.outbox.push({ ...row, published });
  const seq = draft.orders.told.length + 1;
  draft.orders.told.push({ orderId, customerId, seq, version, wish: true });
  order.cancelRequested = true;
  for (const payment of draft.payments.payments) {
    if (payment.orderId === orderId) payment.cancelEventId = id;
  }
}

type Operation = NonNullable<Draft['recordings']['history']>[number];

/** Of the first wish there is: no key, and its client has heard nothing good. */
function withoutKey(draft: Draft, result: Operation['result'] | 'nothing'): boolean {
  const order = draft.orders.orders.find(({ cancelRequested }) => cancelRequested);
  const isIts = ({ op, bodyHash }: Operation) => op === 'cancel' && bodyHash === order?.id;
  const all = draft.recordings.history ?? [];
  if (!order || !all.some(isIts)) return false;
  draft.orders.keys = draft.orders.keys.filter(({ route, orderId }) => {
    return route !== CANCEL || orderId !== order.id;
  });
  if (result === 'nothing') draft.recordings.history = all.filter((one) => !isIts(one));
  else {
    const heard = { result, orderId: null, responseHash: null };
    const answered = all.filter((one) => isIts(one) && one.result !== 'sent');
    for (const one of answered) Object.assign(one, heard);
  }
  return true;
}

/** As if it had never stood on a topic. */
function unsay(draft: Draft, id: string): void {
  for (const record of committed(draft, 'outboxOrder')) if (record.key === id) hide(draft, record);
  for (const log of draft.kafka.logs) log.records = log.records.filter(({ key }) => key !== id);
  for (const { events } of draft.recordings.consumed ?? []) {
    for (const one of events) {
      if (one.kind === 'read') one.records = one.records.filter((read) => read.id !== id);
    }
  }
}

/** As if nobody had ever wished it; payment has been told `cancelEventId`, by whomever. */
function unwish(draft: Draft, status: string, cancelEventId: string): boolean {
  const [order] = ordersThatAre(draft, status);
  const payment = draft.payments.payments.find(({ orderId }) => orderId === order?.id);
  if (!order || !payment) return false;
  const id = eventId(orderPlacedId(order.id), 'OrderCancelRequested');
  const { orders, payments, recordings } = draft;
  unsay(draft, id);
  orders.outbox = orders.outbox.filter((row) => row.id !== id);
  orders.told = orders.told.filter(({ orderId, wish }) => !wish || orderId !== order.id);
  orders.keys = orders.keys.filter((row) => row.route !== CANCEL || row.orderId !== order.id);
  const ofOthers = (one: Operation) => one.op !== 'cancel' || one.bodyHash !== order.id;
  recordings.history = recordings.history?.filter(ofOthers) ?? null;
  order.cancelRequested = false;
  const { inbox } = payments;
  payments.inbox = inbox.filter((row) => row.eventId !== id || id === cancelEventId);
  payment.cancelEventId = cancelEventId;
  const mark = { group: 'payment.charge', eventId: cancelEventId };
  if (!payments.inbox.some((row) => row.eventId === cancelEventId)) payments.inbox.push(mark);
  return true;
}

function wishIdOf(order: Order | undefined): string {
  return eventId(orderPlacedId(order?.id ?? NOBODYS), 'OrderCancelRequested');
}

const NOBODYS = '018f0000-0000-7000-8000-00000000beef';

/** The event of one order’s wish, wherever it stands, names another order. */
function tellOfAnother(draft: Draft): boolean {
  const order = draft.orders.orders.find(({ cancelRequested }) => cancelRequested);
  const id = wishIdOf(order);
  const row = draft.orders.outbox.find((one) => one.id === id);
  const other = draft.orders.orders.find((one) => {
    return one.id !== order?.id && row?.partition === partitionOf(one.id, PARTITIONS);
  });
  if (!row || !other) return false;
  row.payload = row.payload.replace(order?.id ?? '', other.id);
  for (const record of committed(draft, 'outboxOrder')) {
    if (record.key === id) rewrite(draft, record, row.payload);
  }
  return true;
}

const PARTITIONS = topics.outboxOrder.partitions;

const withoutWish: readonly Corruption[] = ['refunded', 'cancelled'].flatMap((status) => [
  corruption('A29', `an order is ${status}, and nobody has wished it`, (draft) => {
    const [order] = ordersThatAre(draft, status);
    return unwish(draft, status, wishIdOf(order));
  }),
  corruption('A36', `an order is ${status} by a wish that never was`, (draft) =>
    unwish(draft, status, wishIdOf(undefined)),
  ),
  corruption('A36', `an order is ${status} by another order’s wish`, (draft) => {
    const [order] = ordersThatAre(draft, status);
    const other = draft.orders.orders.find((one) => one.cancelRequested && one !== order);
    return other !== undefined && unwish(draft, status, wishIdOf(other));
  }),
]);

/** A wish to cancel, and what became of it. */
export const corruptionsOfCancels: readonly Corruption[] = [
  corruption('A01', 'a cancel was answered with a yes, and nothing was noted', (draft) => {
    const order = calm(draft);
    if (!order) return false;
    sent(draft, order, answer(draft, order));
  }),
  corruption('A03', 'a cancel whose answer got lost has left its key alone', (draft) => {
    const order = calm(draft);
    if (!order) return false;
    answer(draft, order);
    sent(draft, order, null);
  }),
  corruption('A04', 'a yes to a cancel is kept, and no wish is noted', (draft) => {
    const order = calm(draft);
    if (!order) return false;
    answer(draft, order);
    draft.recordings.history = null;
  }),
  corruption('A02', 'a cancel was refused, and carried out', (draft) => withoutKey(draft, 'fail')),
  corruption('A03', 'a cancel whose answer got lost was carried out without its key', (draft) =>
    withoutKey(draft, 'unknown'),
  ),
  corruption('A04', 'a wish to cancel is noted that no key stands for', (draft) =>
    withoutKey(draft, 'nothing'),
  ),
  corruption('A04', 'the wish about one order names another one', tellOfAnother),
  ...withoutWish,
  corruption('A28', 'a cancel was taken of an order that was over', (draft) => {
    const [order] = ordersThatAre(draft, 'payment_failed').filter((one) => !one.cancelRequested);
    if (!order) return false;
    answer(draft, order);
    wish(draft, order);
  }),
  corruption(
    'A29',
    'an order was to be cancelled, which payment knows, and stays booked',
    (draft) => {
      const order = calm(draft);
      if (!order) return false;
      sent(draft, order, answer(draft, order));
      wish(draft, order);
    },
  ),
];
