import type { Decision } from '@checkout/eos';
import { topics, type DomainEvent } from '@checkout/events';
import { emitCaused } from '../caused-event.js';

/**
 * Tells the join that an order will not be paid.
 *
 * Guarantee: a decline reaches the one place that knows what is reserved, under one id, however
 * often it is read. Only that place releases stock, so nothing is released twice.
 * Not promised: that the stock is free again when the customer reads of the decline. It takes two
 * more hops.
 */
export function closePayment(declined: DomainEvent<'PaymentDeclined'>): Decision {
  const { orderId, occurredAt } = declined.payload;
  return [
    emitCaused(topics.checks, declined, {
      type: 'PaymentClosed',
      key: orderId,
      payload: { orderId, outcome: 'declined', occurredAt },
    }),
  ];
}
