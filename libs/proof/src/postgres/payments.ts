import type { AttemptRow, PaymentRow, PaymentsDatabase, WebhookRow } from '../evidence/rows.js';
import { readMessaging } from './messaging.js';
import { isoText, milliseconds, snapshot } from './snapshot.js';

const PAYMENTS = `
  SELECT order_id AS "orderId", amount, tax, currency, state,
    approved_event_id AS "approvedEventId", cancel_event_id AS "cancelEventId",
    payment_intent_id AS "intentId", fee, reason, decided_xid::text AS "decidedXid",
    ${isoText('decided_at')} AS "decidedAt", ${isoText('refunded_at')} AS "refundedAt",
    refund_reference AS "refundReference", refunded_xid::text AS "refundedXid"
  FROM payments`;
const ATTEMPTS = `
  SELECT order_id AS "orderId", operation, attempt, idempotency_key AS key, state, evidence,
    ${milliseconds('created_at')} AS "createdAt", ${milliseconds('decided_at')} AS "decidedAt"
  FROM attempts ORDER BY order_id, operation, attempt`;
const WEBHOOKS = `
  SELECT id, type, order_id AS "orderId", intent_id AS "intentId", outcome, repeats
  FROM webhook_events`;

type StoredPayment = Omit<PaymentRow, 'amount' | 'tax' | 'fee'> & {
  readonly amount: string | null;
  readonly tax: string | null;
  readonly fee: string | null;
};
type StoredAttempt = Omit<AttemptRow, 'createdAt' | 'decidedAt'> & {
  readonly createdAt: string;
  readonly decidedAt: string | null;
};

export function readPayments(url: string): Promise<PaymentsDatabase> {
  return snapshot(url, async (ask) => {
    const payments = await ask<StoredPayment>(PAYMENTS);
    const attempts = await ask<StoredAttempt>(ATTEMPTS);
    return {
      payments: payments.map((row) => ({
        ...row,
        amount: row.amount === null ? null : BigInt(row.amount),
        tax: row.tax === null ? null : BigInt(row.tax),
        fee: row.fee === null ? null : BigInt(row.fee),
      })),
      attempts: attempts.map((row) => ({
        ...row,
        createdAt: Number(row.createdAt),
        decidedAt: row.decidedAt === null ? null : Number(row.decidedAt),
      })),
      webhooks: await ask<WebhookRow>(WEBHOOKS),
      ...(await readMessaging(ask)),
    };
  });
}
