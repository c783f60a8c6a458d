import type { DataSource } from 'typeorm';
import type { Operation } from './frozen-request.js';
import type { Work } from './payment.js';
import { paymentColumns, paymentOf, type PaymentRow } from './payment-row.js';
import { type AttemptState, BEING_WORKED } from './payment-state.js';
import { LEASE_MS } from './timing.js';

/**
 * Who works on which payment.
 *
 * Guarantee: of any number of workers one at a time claims a payment, and a payment whose worker
 * died is claimed by another one when the lease ends, or at once by the next life of the same
 * replica. An event from the gateway about the payment brings the end nearer
 * (receive-webhook.handler.ts).
 * Failure story: a worker stalls longer than its lease and wakes up; two now work on one attempt.
 * That costs a call and nothing else: both use the attempt's key, so the gateway charges once, and
 * the first outcome written down stands. The lease saves work; it is not what keeps the money
 * right.
 * So a claim need not survive a crash of the database, and does not wait for the disk
 * (synchronous_commit off).
 */
export class Leases {
  /** `owner` names one life of one replica: `<ordinal>/<random>`. */
  constructor(
    private readonly database: DataSource,
    readonly owner: string,
  ) {}

  /** The payments that are due longest, each with its open attempt. */
  async claim(most: number): Promise<Work[]> {
    const rows = await this.database.query<ClaimedRow[]>(CLAIM, [most, this.owner, LEASE_MS]);
    return rows.map(workOf);
  }

  /**
   * Of this replica's leases, from this life or an earlier one, gives back those that nobody works
   * on any more.
   */
  async releaseAbandoned(inHand: readonly string[]): Promise<void> {
    const [ordinal] = this.owner.split('/');
    await this.database.query(
      `UPDATE payments SET lease_owner = NULL, lease_until = NULL
       WHERE state IN ${BEING_WORKED} AND split_part(lease_owner, '/', 1) = $1
         AND order_id <> ALL ($2::uuid[])`,
      [ordinal, inHand],
    );
  }
}

const CLAIM = `
  WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
  due AS (
    SELECT order_id FROM payments, quick
    WHERE state IN ${BEING_WORKED} AND next_try_at <= now()
      AND (lease_until IS NULL OR lease_until <= now())
    ORDER BY next_try_at LIMIT $1 FOR UPDATE OF payments SKIP LOCKED
  ), claimed AS (
    UPDATE payments SET lease_owner = $2, lease_until = now() + $3 * interval '1 ms'
    FROM due WHERE payments.order_id = due.order_id RETURNING payments.*
  )
  SELECT ${paymentColumns('c')}, a.operation, a.attempt, a.idempotency_key, a.request,
    a.request_hash, a.state AS attempt_state, a.stored_failure, a.created_at AS attempt_created_at
  FROM claimed c JOIN attempts a USING (order_id) WHERE a.state IN ('SENT', 'UNKNOWN')`;

interface ClaimedRow extends PaymentRow {
  operation: Operation;
  attempt: number;
  idempotency_key: string;
  request: string;
  request_hash: string;
  attempt_state: AttemptState;
  stored_failure: boolean;
  attempt_created_at: Date;
}

function workOf(row: ClaimedRow): Work {
  return {
    payment: paymentOf(row),
    attempt: {
      operation: row.operation,
      number: row.attempt,
      request: { key: row.idempotency_key, text: row.request, hash: row.request_hash },
      state: row.attempt_state,
      storedFailure: row.stored_failure,
      createdAt: row.attempt_created_at.getTime(),
    },
  };
}
