import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ListRefundsParameters } from './parameters.js';
import type { Refund } from './refund.js';

/** The table `refunds`; every method works in the caller's database transaction. */
const REFUND = `id, charge, payment_intent AS "paymentIntent", amount, currency, status, reason,
  balance_transaction AS "balanceTransaction", metadata, created`;

@Injectable()
export class RefundStore {
  /** Refused by the database when the refunds of the charge would exceed what was captured. */
  async insert(
    tx: EntityManager,
    refund: Refund,
    booked: { orderId: string | null; key: string | null },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO refunds
         (id, charge, payment_intent, order_id, amount, currency, status, reason,
          balance_transaction, metadata, idempotency_key, created)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        refund.id,
        refund.charge,
        refund.paymentIntent,
        booked.orderId,
        refund.amount,
        refund.currency,
        refund.status,
        refund.reason,
        refund.balanceTransaction,
        JSON.stringify(refund.metadata),
        booked.key,
        refund.created,
      ],
    );
  }

  async find(tx: EntityManager, id: string): Promise<Refund | undefined> {
    const rows = await tx.query<Refund[]>(`SELECT ${REFUND} FROM refunds WHERE id = $1`, [id]);
    return rows[0];
  }

  /** Newest first, one more than asked for. */
  async list(tx: EntityManager, filter: ListRefundsParameters): Promise<Refund[]> {
    return tx.query<Refund[]>(
      `SELECT ${REFUND} FROM refunds
       WHERE ($1::text IS NULL OR payment_intent = $1) AND ($2::text IS NULL OR charge = $2)
         AND ($3::text IS NULL OR sequence < (SELECT sequence FROM refunds WHERE id = $3))
       ORDER BY sequence DESC LIMIT $4`,
      [filter.payment_intent, filter.charge, filter.starting_after, filter.limit + 1],
    );
  }
}
