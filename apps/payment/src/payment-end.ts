import type { Money } from '@checkout/money';
import { stage } from '@checkout/outbox';
import type { EntityManager } from 'typeorm';
import { changeOne } from './go-on.js';
import type { Payment } from './payment.js';
import { paymentCancelled, paymentRefunded } from './payment-events.js';
import { type PaymentState, paymentSteps, statesBefore } from './payment-state.js';

/**
 * Where a payment ends, and the event that tells of it: in one database transaction, with the time
 * by the database's clock, once, for everybody who books it.
 */
export interface End {
  readonly state: Extract<PaymentState, 'PAID' | 'DECLINED' | 'CANCELLED' | 'QUARANTINED'>;
  readonly fee?: Money;
  readonly reason?: string;
}

/** When it was decided: a payment that was paid and is quarantined while refunded stays so. */
export async function finish(
  tx: EntityManager,
  { orderId }: Payment,
  { state, fee, reason }: End,
): Promise<string> {
  const { decided_at } = await changeOne<{ decided_at: Date }>(
    tx,
    `UPDATE payments SET state = $2, fee = coalesce(fee, $3),
       fee_currency = coalesce(fee_currency, $4), reason = $5,
       decided_at = coalesce(decided_at, date_trunc('milliseconds', clock_timestamp())),
       decided_xid = coalesce(decided_xid, pg_current_xact_id()),
       lease_owner = NULL, lease_until = NULL
     WHERE order_id = $1 AND state = ANY ($6) RETURNING decided_at`,
    [orderId, state, fee?.amount, fee?.currency, reason, statesBefore(paymentSteps, state)],
  );
  return decided_at.toISOString();
}

/** Nothing was charged and nothing can be any more. */
export async function finishCancelled(tx: EntityManager, payment: Payment): Promise<void> {
  const occurredAt = await finish(tx, payment, { state: 'CANCELLED' });
  await stage(tx, [paymentCancelled(payment, { occurredAt })]);
}

/**
 * An order has one refund, of the whole amount. Its number does not follow the attempts, so that a
 * second refund would collide with the first, in the outbox and in the books.
 */
const THE_REFUND = 1;

export async function finishRefunded(
  tx: EntityManager,
  payment: Payment,
  refundId: string,
): Promise<void> {
  const { refunded_at } = await changeOne<{ refunded_at: Date }>(
    tx,
    `UPDATE payments SET state = 'REFUNDED', refund_reference = $2,
       refunded_at = date_trunc('milliseconds', clock_timestamp()),
       refunded_xid = pg_current_xact_id(),
       lease_owner = NULL, lease_until = NULL
     WHERE order_id = $1 AND state = ANY ($3) RETURNING refunded_at`,
    [payment.orderId, refundId, statesBefore(paymentSteps, 'REFUNDED')],
  );
  const occurredAt = refunded_at.toISOString();
  await stage(tx, [paymentRefunded(payment, { occurredAt, refund: THE_REFUND, refundId })]);
}
