import { eventId, orderPlacedId, partitionOf, topics } from '@checkout/events';
import { sha256 } from '../recordings/client-history.js';
import type { Draft } from './draft.js';
import { corruption, ordersThatAre, write, type Corruption } from './planting.js';
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
  const row = { customerId, route: CANCEL, key: KEY, requestHash: id, response, orderId: id };
  draft.orders.keys.push(row);
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
  draft.orders.told.push({ orderId, version, wish: true });
  order.cancelRequested = true;
  for (const payment of draft.payments.payments) {
    if (payment.orderId === orderId) payment.cancelEventId = id;
  }
}

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
  }),
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
