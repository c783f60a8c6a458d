import type { AnyEvent, Payload } from '@checkout/events';
import { declineReason } from './decline-reason.js';
import type { Fact } from './order-status.js';

export interface OrderFact extends Fact {
  readonly orderId: string;
}

/** What an event says about an order's status; null when it says nothing. */
export function factOf(event: AnyEvent): OrderFact | null {
  switch (event.type) {
    case 'OrderApproved':
      return fact('approved', event.payload);
    case 'OrderRejected':
      return fact('rejected', event.payload, rejectionReason(event.payload));
    case 'PaymentSucceeded':
      return fact('paid', event.payload);
    case 'PaymentDeclined':
      return fact('payment_failed', event.payload, declineReason(event.payload.declineCode));
    case 'LedgerEntry':
      return event.payload.kind === 'charge' ? fact('booked', event.payload) : null;
    default:
      return null;
  }
}

function fact(
  kind: Fact['kind'],
  { orderId, occurredAt }: { orderId: string; occurredAt: string },
  reason: string | null = null,
): OrderFact {
  return { orderId, kind, occurredAt, reason };
}

function rejectionReason({ reasons }: Payload<'OrderRejected'>): string {
  return reasons.map(({ text }) => text).join(' ');
}
