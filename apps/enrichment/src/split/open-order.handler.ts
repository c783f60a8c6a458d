import type { Decision } from '@checkout/eos';
import { topics, type DomainEvent } from '@checkout/events';
import { emitCaused } from '../caused-event.js';
import { bucketOf } from '../inventory/buckets.js';

/**
 * Splits a placed order into the questions that others answer: one per line to the stock, one to
 * the fraud check, and to the join the list of answers to wait for.
 *
 * Guarantee: all questions of an order become visible together with the offset that passes it (one
 * Kafka transaction), so no order is half asked, and none waits for an answer to a question nobody
 * heard.
 * Threat: the worker dies after some of them were sent. They are aborted; the next owner asks
 * again, with the same ids.
 * Not promised: that a question is asked once. A repeated OrderPlaced asks again under the same
 * ids; stock, fraud and join each know what they have answered.
 */
export function openOrder(placed: DomainEvent<'OrderPlaced'>): Decision {
  const { orderId, customerId, lines, total, occurredAt } = placed.payload;
  return [
    emitCaused(topics.checks, placed, {
      type: 'OrderOpened',
      key: orderId,
      payload: placed.payload,
    }),
    ...lines.map(({ lineNumber, sku, quantity }) => {
      const bucket = bucketOf(sku, orderId);
      return emitCaused(topics.inventory, placed, {
        type: 'StockRequested',
        key: bucket,
        subject: String(lineNumber),
        payload: { orderId, lineNumber, sku, bucket, quantity, occurredAt },
      });
    }),
    emitCaused(topics.fraud, placed, {
      type: 'FraudCheckRequested',
      key: customerId,
      payload: { orderId, customerId, total, occurredAt },
    }),
  ];
}
