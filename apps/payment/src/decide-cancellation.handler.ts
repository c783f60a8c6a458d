import type { DomainEvent } from '@checkout/events';
import type { EntityManager } from 'typeorm';
import { supersede } from './attempts.js';
import type { Clock } from './clock.js';
import { changeOne, goOn } from './go-on.js';
import type { Payment } from './payment.js';
import { paymentColumns, paymentOf, type PaymentRow } from './payment-row.js';
import { paymentSteps, statesBefore } from './payment-state.js';

/**
 * A customer wants an order undone. Here, and nowhere else, it is decided what becomes of that.
 *
 * Guarantee: whatever comes first, approval, cancel, charge or answer, and however often, an order
 * that was cancelled ends with nothing charged (PaymentCancelled, once) or with all of it returned
 * (PaymentSucceeded, then PaymentRefunded, once each), unless it ended otherwise before.
 *
 *   not approved yet       it is remembered, for ever; the approval will find it and stop
 *   no confirmation yet    none will be made; the intent, if one was made, is cancelled
 *   confirmation under way  only the gateway knows: the intent is cancelled there. It was faster:
 *                          nothing was charged. The charge was faster: it is refunded
 *   paid                   it is refunded
 *   declined, cancelled, refunded, quarantined: there is nothing to do
 *
 * Threat: the approval, a worker with an answer and the cancel meet. All of them take the row of
 * the payment first, and there is always one: a cancel that comes first makes it. So each sees what
 * the others did, or is seen by them.
 * Failure story: the process dies anywhere. The decision and the attempt that follows from it, with
 * its key and its frozen request, are durable together before the gateway is asked; from then on it
 * is a step like any other (charge-order.ts).
 * Not promised: that a cancel wins. Nor that a cancelled order is told of while the gateway is
 * away, once an intent may exist there: "nothing was charged" is said when it cannot be any more.
 */
type CancelRequested = DomainEvent<'OrderCancelRequested'>;

export async function decideCancellations(
  tx: EntityManager,
  requests: readonly CancelRequested[],
  clock: Clock,
): Promise<void> {
  for (const request of requests.toSorted(byOrder)) {
    const payment = await rememberAndLock(tx, request);
    if (payment) await decide(tx, payment, { request, createdAt: clock() });
  }
}

/** As every batch takes its rows, so that no two wait for each other. */
function byOrder({ payload: a }: CancelRequested, { payload: b }: CancelRequested): number {
  return Number(a.orderId > b.orderId) - Number(a.orderId < b.orderId);
}

async function decide(
  tx: EntityManager,
  payment: Payment,
  now: { request: CancelRequested; createdAt: number },
): Promise<void> {
  const { orderId, intentId, state } = payment;
  const { request, createdAt } = now;
  if (state === 'CREATING') return stopBeforeConfirming(tx, orderId);
  if (intentId === null) return;
  if (state === 'CONFIRMING') {
    await supersede(tx, orderId, `the customer cancelled: ${request.id}`);
    await goOn(tx, payment, { state: 'CANCELLING', intentId, createdAt, owner: null });
  }
  if (state === 'PAID') {
    await goOn(tx, payment, { state: 'REFUNDING', intentId, createdAt, owner: null });
  }
}

/** The creation may be under way and stays open: it tells whether there is an intent to cancel. */
async function stopBeforeConfirming(tx: EntityManager, orderId: string): Promise<void> {
  await changeOne(
    tx,
    `UPDATE payments SET state = 'CANCELLING', next_try_at = now()
     WHERE order_id = $1 AND state = ANY ($2) RETURNING order_id`,
    [orderId, statesBefore(paymentSteps, 'CANCELLING')],
  );
}

/** Null when there is nothing but the cancel. The first one is the one that is remembered. */
async function rememberAndLock(
  tx: EntityManager,
  { id, payload }: CancelRequested,
): Promise<Payment | null> {
  const [row] = await tx.query<[PaymentRow]>(
    `INSERT INTO payments (order_id, state, cancel_event_id, cancel_requested_at)
     VALUES ($1, 'VOIDED', $2, $3)
     ON CONFLICT (order_id) DO UPDATE SET
       cancel_event_id = coalesce(payments.cancel_event_id, excluded.cancel_event_id),
       cancel_requested_at = coalesce(payments.cancel_requested_at, excluded.cancel_requested_at)
     RETURNING ${paymentColumns('payments')}`,
    [payload.orderId, id, payload.occurredAt],
  );
  return row.state === 'VOIDED' ? null : paymentOf(row);
}
