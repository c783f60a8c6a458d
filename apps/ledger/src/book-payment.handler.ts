import { emit, park, put, skip, type Decision, type State } from '@checkout/eos';
import { eventId, topics, writeEvent, type DomainEvent } from '@checkout/events';
import { booked, fingerprint } from './booked.js';
import { bookCharge } from './double-entry.js';

/**
 * Books a payment: one balanced entry per transaction id.
 *
 * Guarantee: a charge is booked once, whatever is redelivered. The entry, the note of what was
 * booked and the offset that passes the payment become visible together (one Kafka transaction).
 * Threat: an order is charged twice. The transaction id knows no attempt, so the second charge
 * meets the first: other content under a known id is parked as an alarm. Written to the compacted
 * topic it would have replaced the first, and the books would have looked right.
 * Not promised: that what is parked is put right. That is a refund, and a person's decision.
 */
export function bookPayment(paid: DomainEvent<'PaymentSucceeded'>, state: State): Decision {
  const booking = bookCharge(paid.payload);
  if (booking.kind === 'refused') return park(`cannot be booked: ${booking.reason}`);

  const { entry } = booking;
  const known = state.get(booked, entry.transactionId);
  const content = fingerprint(entry);
  if (known?.sha256 === content.sha256) return skip('already booked');
  if (known) return park(`ALARM: ${entry.transactionId} is booked with other content`);

  return [
    put(booked, entry.transactionId, content),
    emit(
      writeEvent(topics.ledger, {
        id: eventId(paid.id, 'LedgerEntry'),
        type: 'LedgerEntry',
        key: entry.transactionId,
        causationId: paid.id,
        traceparent: paid.traceparent,
        payload: entry,
      }),
    ),
  ];
}
