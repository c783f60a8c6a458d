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
}

/**
 * Stands in the event for the time, which only the database knows: the statement that stores the
 * order puts its own there. No other field can hold a brace.
 */
export const PLACED_AT = '{placed_at}';

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
      lines: order.lines.map(({ lineNumber, sku, quantity, unitPrice }) => ({
        lineNumber,
        sku,
        quantity,
        unitPrice,
      })),
      total: order.total,
      tax: order.tax,
      paymentMethod: order.paymentMethod,
      occurredAt: PLACED_AT,
    },
  });
  return { record, aggregateId: order.id, occurredAt: PLACED_AT };
}
