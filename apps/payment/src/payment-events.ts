import { eventId, topics, writeEvent } from '@checkout/events';
import type { Money } from '@checkout/money';
import type { StagedEvent } from '@checkout/outbox';
import type { Payment } from './payment.js';

/**
 * What the world is told. The id follows from the approval alone: an order has one outcome of each
 * kind, so a second one would collide in the outbox instead of being published.
 */
interface Told {
  /** By the database's clock, in the database transaction of the outcome. */
  readonly occurredAt: string;
}

export function paymentSucceeded(
  payment: Payment,
  told: Told & { attempt: number; fee: Money },
): StagedEvent {
  const record = writeEvent(topics.outboxPayment, {
    ...envelope(payment, 'PaymentSucceeded'),
    type: 'PaymentSucceeded',
    payload: {
      ...facts(payment, told),
      attempt: told.attempt,
      fee: told.fee,
      tax: payment.tax,
      gatewayReference: payment.intentId ?? '',
    },
  });
  return staged(payment, told, record);
}

export function paymentDeclined(
  payment: Payment,
  told: Told & { attempt: number; declineCode: string },
): StagedEvent {
  const record = writeEvent(topics.outboxPayment, {
    ...envelope(payment, 'PaymentDeclined'),
    type: 'PaymentDeclined',
    payload: {
      ...facts(payment, told),
      attempt: told.attempt,
      declineCode: told.declineCode,
      gatewayReference: payment.intentId ?? '',
    },
  });
  return staged(payment, told, record);
}

export function paymentCancelled(payment: Payment, told: Told): StagedEvent {
  const record = writeEvent(topics.outboxPayment, {
    ...envelope(payment, 'PaymentCancelled'),
    type: 'PaymentCancelled',
    payload: { ...facts(payment, told), gatewayReference: payment.intentId ?? '' },
  });
  return staged(payment, told, record);
}

export function paymentRefunded(
  payment: Payment,
  told: Told & { refund: number; refundId: string },
): StagedEvent {
  const record = writeEvent(topics.outboxPayment, {
    ...envelope(payment, 'PaymentRefunded', String(told.refund)),
    type: 'PaymentRefunded',
    payload: {
      ...facts(payment, told),
      refund: told.refund,
      tax: payment.tax,
      gatewayReference: told.refundId,
    },
  });
  return staged(payment, told, record);
}

type Outcome = 'PaymentSucceeded' | 'PaymentDeclined' | 'PaymentCancelled' | 'PaymentRefunded';

function envelope(payment: Payment, type: Outcome, subject = '') {
  const id = eventId(payment.approvedEventId, type, subject);
  return {
    id,
    key: id,
    partitionBy: payment.orderId,
    causationId: payment.approvedEventId,
    traceparent: payment.traceparent,
  };
}

function facts(payment: Payment, { occurredAt }: Told) {
  return {
    orderId: payment.orderId,
    customerId: payment.customerId,
    amount: payment.amount,
    lines: [...payment.lines],
    occurredAt,
  };
}

function staged(
  { orderId }: Payment,
  { occurredAt }: Told,
  record: StagedEvent['record'],
): StagedEvent {
  return { record, aggregateId: orderId, occurredAt };
}
