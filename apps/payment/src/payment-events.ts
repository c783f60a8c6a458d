import { eventId, topics, writeEvent } from '@checkout/events';
import type { Money } from '@checkout/money';
import type { StagedEvent } from '@checkout/outbox';
import type { Payment } from './payment.js';

/**
 * What the world is told. The id follows from the approval alone: an order has one outcome, so a
 * second one, whichever it was, would collide in the outbox instead of being published.
 */
interface Told {
  /** By the database's clock, in the database transaction of the outcome. */
  readonly occurredAt: string;
  readonly attempt: number;
}

export function paymentSucceeded(payment: Payment, told: Told & { fee: Money }): StagedEvent {
  const { occurredAt } = told;
  const record = writeEvent(topics.outboxPayment, {
    ...envelope(payment, 'PaymentSucceeded'),
    type: 'PaymentSucceeded',
    payload: {
      ...facts(payment, told),
      fee: told.fee,
      tax: payment.tax,
      gatewayReference: payment.intentId ?? '',
    },
  });
  return { record, aggregateId: payment.orderId, occurredAt };
}

export function paymentDeclined(
  payment: Payment,
  told: Told & { declineCode: string },
): StagedEvent {
  const { occurredAt } = told;
  const record = writeEvent(topics.outboxPayment, {
    ...envelope(payment, 'PaymentDeclined'),
    type: 'PaymentDeclined',
    payload: {
      ...facts(payment, told),
      declineCode: told.declineCode,
      gatewayReference: payment.intentId ?? '',
    },
  });
  return { record, aggregateId: payment.orderId, occurredAt };
}

function envelope(payment: Payment, type: 'PaymentSucceeded' | 'PaymentDeclined') {
  const id = eventId(payment.approvedEventId, type);
  return {
    id,
    key: id,
    partitionBy: payment.orderId,
    causationId: payment.approvedEventId,
    traceparent: payment.traceparent,
  };
}

function facts(payment: Payment, told: Told) {
  return {
    orderId: payment.orderId,
    customerId: payment.customerId,
    attempt: told.attempt,
    amount: payment.amount,
    lines: [...payment.lines],
    occurredAt: told.occurredAt,
  };
}
