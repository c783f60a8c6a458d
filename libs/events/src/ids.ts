import { v5 as uuidv5 } from 'uuid';
import type { EventType } from './schemas.js';

/**
 * Ids are derived, never drawn, after the first hop.
 *
 * A consumer that dies and decides again must give its outputs the ids of the first time, or every
 * guard that compares ids (inbox, processed set, upsert by key) would take the repeat for news. So
 * an id is a function of its cause.
 */

/**
 * Id of an event: UUIDv5 of the causing event's id, its own type and what tells it from its
 * siblings.
 */
export function eventId(causeId: string, type: EventType, subject = ''): string {
  return uuidv5(`${type}/${subject}`, causeId);
}

/**
 * The first event of an order has no cause but the order itself; joins use it as their cause, too.
 */
export function orderPlacedId(orderId: string): string {
  return eventId(orderId, 'OrderPlaced');
}

/**
 * Ledger transaction id of an order's charge. Without the attempt number, so that a second charge
 * of one order collides with the first and raises an alarm instead of being booked beside it.
 */
export function chargeTransactionId(orderId: string): string {
  return uuidv5('charge', orderId);
}

/** Ledger transaction id of an order's n-th refund. */
export function refundTransactionId(orderId: string, refund: number): string {
  return uuidv5(`refund/${refund}`, orderId);
}
