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
    case 'PaymentCancelled':
      return fact('cancelled', event.payload, 'Cancelled at your request; nothing was charged.');
    case 'LedgerEntry':
      return bookedFact(event.payload);
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

/**
 * The entry and not the payment says that an order is booked or refunded: what the customer reads
 * is in the books.
 */
function bookedFact(entry: Payload<'LedgerEntry'>): OrderFact | null {
  switch (entry.kind) {
    case 'charge':
      return fact('booked', entry);
    case 'refund':
      return fact('refunded', entry, 'Cancelled at your request; the money was returned.');
    default:
      return null;
  }
}

function rejectionReason({ reasons }: Payload<'OrderRejected'>): string {
  return reasons.map(({ text }) => text).join(' ');
}
