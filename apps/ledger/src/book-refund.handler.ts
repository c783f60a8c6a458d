import { park, put, type Decision, type State } from '@checkout/eos';
import { chargeTransactionId, type DomainEvent } from '@checkout/events';
import { minorUnits } from '@checkout/money';
import { booked, bookOnce, type Booked } from './booked.js';
import { reverseCharge } from './double-entry.js';

/**
 * Books a refund: one balanced entry of its own, beside the charge, which stays.
 *
 * Guarantee: a refund is booked once, whatever is redelivered, and never more goes back than was
 * charged. Entry, note and offset become visible together (one Kafka transaction).
 * Threat: an order is refunded twice under two numbers. Each has a transaction id of its own, so
 * nothing collides; the charge's row counts what went back, and what exceeds it is an alarm.
 * Threat: money is returned whose charge was parked. In books that show a return of nothing no sum
 * is right, so it is parked, too, to be sent again after the charge.
 * Charge and refund of an order are records of one partition, in the order of their commits.
 * Not promised: that money which left twice comes back. The alarm is for a person.
 */
export function bookRefund(refunded: DomainEvent<'PaymentRefunded'>, state: State): Decision {
  const { orderId, amount } = refunded.payload;
  const booking = reverseCharge(refunded.payload);
  if (booking.kind === 'refused') return park(`cannot be booked: ${booking.reason}`);
  const decision = bookOnce(refunded, booking.entry, { state });
  if ('kind' in decision) return decision;

  const chargeId = chargeTransactionId(orderId);
  const charge = state.get(booked, chargeId);
  if (!charge) return park(`ALARM: the charge ${chargeId} is not booked`);
  const returned = BigInt(charge.returned ?? 0) + minorUnits(amount);
  if (exceeds(charge, returned)) {
    return park(`ALARM: ${returned} would have gone back of ${charge.charged} charged`);
  }
  return [...decision, put(booked, chargeId, { ...charge, returned: returned.toString() })];
}

function exceeds({ charged }: Booked, returned: bigint): boolean {
  return charged !== undefined && returned > BigInt(charged);
}
