import type { Decision } from '@checkout/eos';
import { topics, type DomainEvent } from '@checkout/events';
import { emitCaused } from '../caused-event.js';

/**
 * Tells the join that an order will not be paid. The join, which knows what is reserved, gives it
 * back: only one place releases stock, so nothing is released twice.
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
