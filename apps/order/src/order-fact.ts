import type { AnyEvent, Payload } from '@checkout/events';
import type { Received } from '@checkout/inbox';
import { declineReason } from './decline-reason.js';
import type { Fact } from './order-status.js';

export interface OrderFact extends Fact {
  readonly orderId: string;
}

/**
 * What an event says about an order's status; null when it says nothing.
 *
 * When it happened: a payment's event has the time at which the payments database decided. An
 * outcome and an entry are made by stages without a clock, and name in `occurredAt` the time of
 * what caused them; they happened when their record was written, which the record itself says. Both
 * are the same whenever and by whomever they are read.
 */
export function factOf({ event, record }: Received<AnyEvent>): OrderFact | null {
  const writtenAt = new Date(record.timestamp).toISOString();
  switch (event.type) {
    case 'OrderApproved':
      return fact('approved', { ...event.payload, occurredAt: writtenAt });
    case 'OrderRejected':
      return fact(
        'rejected',
        { ...event.payload, occurredAt: writtenAt },
        rejectionReason(event.payload),
      );
    case 'PaymentSucceeded':
      return fact('paid', event.payload);
    case 'PaymentDeclined':
      return fact('payment_failed', event.payload, declineReason(event.payload.declineCode));
    case 'PaymentCancelled':
      return fact('cancelled', event.payload, 'Cancelled at your request; nothing was charged.');
    case 'LedgerEntry':
      return bookedFact({ ...event.payload, occurredAt: writtenAt });
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
