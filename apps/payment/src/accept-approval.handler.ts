import type { DomainEvent } from '@checkout/events';
import type { EntityManager } from 'typeorm';
import type { Clock } from './clock.js';
import { createRequest } from './frozen-request.js';

/**
 * An approved order becomes a payment to be made.
 *
 * Guarantee: an order has one payment, and its first attempt is durable, request and key and all,
 * before anything is called. The inbox row, the payment and the attempt are one database
 * transaction.
 * Failure story: the approval is delivered again, tomorrow or after every offset was reset. The
 * inbox knows its id; when the inbox has been pruned, the payment's primary key makes it a no-op.
 * Payments are kept for ever for this reason.
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
  await tx.query(ACCEPT, [JSON.stringify(rows), new Date(clock())]);
}

const ACCEPT = `
  WITH approved AS (
    SELECT * FROM json_to_recordset($1::json) AS a (
      order_id uuid, customer_id uuid, amount bigint, tax bigint, currency text,
      payment_method text, lines json, placed_at timestamptz, approved_event_id uuid,
      traceparent text, idempotency_key text, request text, request_hash text)
  ), accepted AS (
    INSERT INTO payments (order_id, customer_id, amount, tax, currency, payment_method, lines,
      placed_at, approved_event_id, traceparent)
    SELECT order_id, customer_id, amount, tax, currency, payment_method, lines,
      placed_at, approved_event_id, traceparent FROM approved
    ON CONFLICT (order_id) DO NOTHING RETURNING order_id
  )
  INSERT INTO attempts
    (order_id, operation, attempt, idempotency_key, request, request_hash, created_at)
  SELECT order_id, 'create', 1, idempotency_key, request, request_hash, $2
  FROM approved JOIN accepted USING (order_id)`;
