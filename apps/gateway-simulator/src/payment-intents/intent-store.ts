import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ListParameters, SearchParameters } from './parameters.js';
import type { PaymentIntent } from './payment-intent.js';
import type { Charge } from './stripe-objects.js';

/**
 * The tables `payment_intents` and `charges`; every method works in the caller's database
 * transaction.
 */
const INTENT = `id, amount, currency, status, payment_method AS "paymentMethod", metadata,
  description, last_payment_error AS "lastPaymentError", latest_charge AS "latestCharge",
  cancellation_reason AS "cancellationReason", canceled_at AS "canceledAt", created`;
const CHARGE = `id, payment_intent AS "paymentIntent", amount, currency, status,
  payment_method AS "paymentMethod", failure_code AS "failureCode", decline_code AS "declineCode",
  failure_message AS "failureMessage", balance_transaction AS "balanceTransaction", fee, metadata,
  created, (SELECT coalesce(sum(refunds.amount), 0)::integer FROM refunds
            WHERE refunds.charge = charges.id) AS "amountRefunded"`;

@Injectable()
export class IntentStore {
  async insert(tx: EntityManager, intent: PaymentIntent): Promise<void> {
    await tx.query(
      `INSERT INTO payment_intents
         (id, amount, currency, status, payment_method, metadata, description, created)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        intent.id,
        intent.amount,
        intent.currency,
        intent.status,
        intent.paymentMethod,
        JSON.stringify(intent.metadata),
        intent.description,
        intent.created,
      ],
    );
  }

  async find(tx: EntityManager, id: string): Promise<PaymentIntent | undefined> {
    const rows = await tx.query<PaymentIntent[]>(
      `SELECT ${INTENT} FROM payment_intents WHERE id = $1`,
      [id],
    );
    return rows[0];
  }

  /**
   * Confirm and cancel of one intent wait for each other here: the row lock is the order between
   * them.
   */
  async findForUpdate(tx: EntityManager, id: string): Promise<PaymentIntent | undefined> {
    const rows = await tx.query<PaymentIntent[]>(
      `SELECT ${INTENT} FROM payment_intents WHERE id = $1 FOR UPDATE`,
      [id],
    );
    return rows[0];
  }

  async update(tx: EntityManager, intent: PaymentIntent): Promise<void> {
    await tx.query(
      `UPDATE payment_intents SET status = $2, payment_method = $3, last_payment_error = $4,
         latest_charge = $5, cancellation_reason = $6, canceled_at = $7 WHERE id = $1`,
      [
        intent.id,
        intent.status,
        intent.paymentMethod,
        intent.lastPaymentError && JSON.stringify(intent.lastPaymentError),
        intent.latestCharge,
        intent.cancellationReason,
        intent.canceledAt,
      ],
    );
  }

  async list(tx: EntityManager, filter: ListParameters): Promise<PaymentIntent[]> {
    const { gt, gte, lt, lte } = filter.created;
    return tx.query<PaymentIntent[]>(
      `SELECT ${INTENT} FROM payment_intents
       WHERE ($1::bigint IS NULL OR date_trunc('second', created) > to_timestamp($1))
         AND ($2::bigint IS NULL OR created >= to_timestamp($2))
         AND ($3::bigint IS NULL OR created < to_timestamp($3))
         AND ($4::bigint IS NULL OR date_trunc('second', created) <= to_timestamp($4))
         AND ($5::text IS NULL
           OR (created, id) < (SELECT created, id FROM payment_intents WHERE id = $5))
       ORDER BY created DESC, id DESC LIMIT $6`,
      [gt, gte, lt, lte, filter.starting_after, filter.limit + 1],
    );
  }

  /** Newest first, one more than asked for; the index knows what was created until then. */
  async search(
    tx: EntityManager,
    { query, limit, page }: SearchParameters,
    indexedUntil: Date,
  ): Promise<PaymentIntent[]> {
    return tx.query<PaymentIntent[]>(
      `SELECT ${INTENT} FROM payment_intents
       WHERE metadata ->> $1 = $2 AND created <= $3
         AND ($4::text IS NULL
           OR (created, id) < (SELECT created, id FROM payment_intents WHERE id = $4))
       ORDER BY created DESC, id DESC LIMIT $5`,
      [query.key, query.value, indexedUntil, page, limit + 1],
    );
  }

  async insertCharge(tx: EntityManager, charge: Charge, key: string | null): Promise<void> {
    await tx.query(
      `INSERT INTO charges
         (id, payment_intent, order_id, amount, currency, status, payment_method, failure_code,
          decline_code, failure_message, balance_transaction, fee, metadata, idempotency_key,
          created)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
      [
        charge.id,
        charge.paymentIntent,
        charge.metadata['order_id'] ?? null,
        charge.amount,
        charge.currency,
        charge.status,
        charge.paymentMethod,
        charge.failureCode,
        charge.declineCode,
        charge.failureMessage,
        charge.balanceTransaction,
        charge.fee,
        JSON.stringify(charge.metadata),
        key,
        charge.created,
      ],
    );
  }

  async findCharge(tx: EntityManager, id: string | null): Promise<Charge | null> {
    if (id === null) return null;
    const rows = await tx.query<Charge[]>(`SELECT ${CHARGE} FROM charges WHERE id = $1`, [id]);
    return rows[0] ?? null;
  }
}
