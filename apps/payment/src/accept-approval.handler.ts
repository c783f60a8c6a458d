import type { DomainEvent } from '@checkout/events';
import type { EntityManager } from 'typeorm';
import { stage } from '@checkout/outbox';
import type { Clock } from './clock.js';
import { createRequest } from './frozen-request.js';
import { paymentCancelled } from './payment-events.js';
import { paymentColumns, paymentOf, type PaymentRow } from './payment-row.js';

/**
 * An approved order becomes a payment to be made, unless its customer has cancelled it already.
 *
 * Guarantee: an order has one payment, and its first attempt is durable, request and key and all,
 * before anything is called. The inbox row, the payment and the attempt are one database
 * transaction. An approval that finds its order VOIDED is answered with PaymentCancelled, in that
 * same database transaction, and the gateway never hears of the order.
 * Failure story: the approval is delivered again, tomorrow or after every offset was reset. The
 * inbox knows its id; when the inbox has been pruned, the payment's primary key makes it a no-op.
 * Payments are kept for ever for this reason. A cancel that comes at the same moment waits for this
 * row, or this waits for the row of the cancel.
 * Not promised: that the money is there. An approval is leave to charge, and nothing has been asked
 * of the gateway yet.
 */
type Approved = DomainEvent<'OrderApproved'>;

export async function acceptApprovals(
  tx: EntityManager,
  approvals: readonly Approved[],
  clock: Clock,
): Promise<void> {
  const rows = approvals.map(({ id, traceparent, payload }) => {
    const request = createRequest(payload.orderId, payload.total, 1);
    return {
      order_id: payload.orderId,
      customer_id: payload.customerId,
      amount: payload.total.amount,
      tax: payload.tax.amount,
      currency: payload.total.currency,
      payment_method: payload.paymentMethod,
      lines: payload.lines,
      placed_at: payload.occurredAt,
      approved_event_id: id,
      traceparent,
      idempotency_key: request.key,
      request: request.text,
      request_hash: request.hash,
    };
  });
  const cancelled = await tx.query<CancelledRow[]>(ACCEPT, [
    JSON.stringify(rows),
    new Date(clock()),
  ]);
  const events = cancelled.map((row) =>
    paymentCancelled(paymentOf(row), { occurredAt: row.decided_at.toISOString() }),
  );
  await stage(tx, events);
}

interface CancelledRow extends PaymentRow {
  decided_at: Date;
}

/** In order of their ids, as every batch takes its rows, so that no two wait for each other. */
const ACCEPT = `
  WITH approved AS (
    SELECT DISTINCT ON (order_id) * FROM json_to_recordset($1::json) AS a (
      order_id uuid, customer_id uuid, amount bigint, tax bigint, currency text,
      payment_method text, lines json, placed_at timestamptz, approved_event_id uuid,
      traceparent text, idempotency_key text, request text, request_hash text)
    ORDER BY order_id
  ), accepted AS (
    INSERT INTO payments (order_id, state, customer_id, amount, tax, currency, payment_method,
      lines, placed_at, approved_event_id, traceparent)
    SELECT order_id, 'CREATING', customer_id, amount, tax, currency, payment_method,
      lines, placed_at, approved_event_id, traceparent FROM approved
    ON CONFLICT (order_id) DO UPDATE SET state = 'CANCELLED',
      customer_id = excluded.customer_id, amount = excluded.amount, tax = excluded.tax,
      currency = excluded.currency, payment_method = excluded.payment_method,
      lines = excluded.lines, placed_at = excluded.placed_at,
      approved_event_id = excluded.approved_event_id, traceparent = excluded.traceparent,
      decided_at = date_trunc('milliseconds', clock_timestamp()),
      decided_xid = pg_current_xact_id()
      WHERE payments.state = 'VOIDED'
    RETURNING *
  ), opened AS (
    INSERT INTO attempts
      (order_id, operation, attempt, idempotency_key, request, request_hash, created_at)
    SELECT order_id, 'create', 1, idempotency_key, approved.request, request_hash, $2
    FROM approved JOIN accepted USING (order_id) WHERE accepted.state = 'CREATING'
  )
  SELECT ${paymentColumns('accepted')}, decided_at FROM accepted WHERE state = 'CANCELLED'`;
