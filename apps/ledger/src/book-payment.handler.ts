import { park, type Decision, type State } from '@checkout/eos';
import type { DomainEvent } from '@checkout/events';
import { bookOnce } from './booked.js';
import { bookCharge } from './double-entry.js';

/**
 * Books a payment: one balanced entry per transaction id.
 *
 * Guarantee: a charge is booked once, whatever is redelivered. The entry, the note of what was
 * booked and the offset that passes the payment become visible together (one Kafka transaction).
 * Threat: an order is charged twice. The transaction id knows no attempt, so the second charge
 * meets the first: other content under a known id is parked as an alarm.
 * Not promised: that what is parked is put right. That is a refund, and a person's decision.
 */
export function bookPayment(paid: DomainEvent<'PaymentSucceeded'>, state: State): Decision {
  const booking = bookCharge(paid.payload);
  if (booking.kind === 'refused') return park(`cannot be booked: ${booking.reason}`);
  return bookOnce(paid, booking.entry, { state, note: { charged: paid.payload.amount.amount } });
}
