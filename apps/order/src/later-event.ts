import { eventId, orderPlacedId, type Payload, topics, writeEvent } from '@checkout/events';
import type { StagedEvent } from '@checkout/outbox';

type LaterType = 'OrderCancelRequested' | 'OrderOverdue';

/**
 * What this service says of an order after it was placed. One event of each type for ever: the id
 * follows from the order and the type, so that a second one would collide with the first in every
 * guard behind us.
 */
export function laterEvent<T extends LaterType>(
  type: T,
  payload: Payload<T>,
  traceparent = '',
): StagedEvent {
  const { orderId, occurredAt } = payload;
  const causationId = orderPlacedId(orderId);
  const id = eventId(causationId, type);
  const record = writeEvent(topics.outboxOrder, {
    id,
    type,
    key: id,
    partitionBy: orderId,
    causationId,
    traceparent,
    payload,
  });
  return { record, aggregateId: orderId, occurredAt };
}
