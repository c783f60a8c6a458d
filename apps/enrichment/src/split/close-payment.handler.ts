import type { Decision } from '@checkout/eos';
import { topics, type DomainEvent, type Payload } from '@checkout/events';
import { emitCaused } from '../caused-event.js';

/**
 * Tells the join that nothing will be sold after all: the payment was declined, cancelled or paid
 * back.
 *
 * Guarantee: the end of a payment reaches the one place that knows what is reserved, under one id,
 * however often it is read. Only that place releases stock, so nothing is released twice.
 * Threat: an order is cancelled while its charge is UNKNOWN, and two ends are told of one order by
 * mistake. The join closes an order once; the second end releases nothing.
 * Not promised: that the stock is free again when the customer reads of it. It takes two more hops.
 */
export type ClosingType = 'PaymentDeclined' | 'PaymentCancelled' | 'PaymentRefunded';

const OUTCOMES: Record<ClosingType, Payload<'PaymentClosed'>['outcome']> = {
  PaymentDeclined: 'declined',
  PaymentCancelled: 'cancelled',
  PaymentRefunded: 'refunded',
};

export function closePayment(closing: DomainEvent<ClosingType>): Decision {
  const { orderId, occurredAt } = closing.payload;
  return [
    emitCaused(topics.checks, closing, {
      type: 'PaymentClosed',
      key: orderId,
      payload: { orderId, outcome: OUTCOMES[closing.type], occurredAt },
    }),
  ];
}
