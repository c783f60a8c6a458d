import { orderPlacedId, topics, writeEvent } from '@checkout/events';
import type { Money } from '@checkout/money';
import type { StagedEvent } from '@checkout/outbox';
import type { PricedLine } from './price-order.js';

/** An order as it is accepted: complete before it is stored, and never changed afterwards. */
export interface NewOrder {
  readonly id: string;
  readonly customerId: string;
  readonly lines: readonly PricedLine[];
  readonly total: Money;
  readonly tax: Money;
  readonly paymentMethod: string;
  /** By the database's clock. */
  readonly placedAt: string;
}

export function orderPlaced(order: NewOrder, traceparent: string): StagedEvent {
  const id = orderPlacedId(order.id);
  const record = writeEvent(topics.outboxOrder, {
    id,
    type: 'OrderPlaced',
    key: id,
    partitionBy: order.id,
    causationId: order.id,
    traceparent,
    payload: {
      orderId: order.id,
      customerId: order.customerId,
      lines: [...order.lines],
      total: order.total,
      tax: order.tax,
      paymentMethod: order.paymentMethod,
      occurredAt: order.placedAt,
    },
  });
  return { record, aggregateId: order.id, occurredAt: order.placedAt };
}
