import type { EntityManager } from 'typeorm';
import type { FrozenRequest } from './frozen-request.js';
import type { Attempt, Work } from './payment.js';
import {
  type AttemptState,
  attemptSteps,
  type PaymentState,
  statesBefore,
} from './payment-state.js';

export function newAttempt(
  operation: Attempt['operation'],
  number: number,
  given: { request: FrozenRequest; createdAt: number },
): Attempt {
  return { operation, number, ...given, state: 'SENT', storedFailure: false };
}

/** Commits what is about to be asked, key and bytes, before it is asked. */
export async function openAttempt(
  tx: EntityManager,
  orderId: string,
  attempt: Attempt,
): Promise<void> {
  const { operation, number, request, createdAt } = attempt;
  await tx.query(
    `INSERT INTO attempts
       (order_id, operation, attempt, idempotency_key, request, request_hash, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [orderId, operation, number, request.key, request.text, request.hash, new Date(createdAt)],
  );
}

export interface AttemptOutcome {
  readonly state: Exclude<AttemptState, 'SENT' | 'SUPERSEDED'>;
  /** The gateway's request id, or what was seen when looking. */
  readonly evidence: string;
  readonly storedFailure?: boolean;
}

/**
 * The state of the payment, whose row is locked from here on; null when somebody else has written
 * an outcome already. The lock puts two workers with two answers, and a worker and a cancel, in an
 * order: it is always the first one that is taken for an order.
 */
export async function recordOutcome(
  tx: EntityManager,
  { payment, attempt }: Work,
  outcome: AttemptOutcome,
): Promise<PaymentState | null> {
  const { state, evidence, storedFailure = false } = outcome;
  const stillUnknown: AttemptState[] = state === 'UNKNOWN' ? ['UNKNOWN'] : [];
  const [rows] = await tx.query<[{ payment_state: PaymentState }[], number]>(
    `WITH locked AS MATERIALIZED (
       SELECT order_id, state AS payment_state FROM payments WHERE order_id = $1 FOR UPDATE
     )
     UPDATE attempts a SET state = $4, evidence = $5, stored_failure = stored_failure OR $6,
       decided_at = CASE WHEN $4 <> 'UNKNOWN' THEN clock_timestamp() END
     FROM locked WHERE a.order_id = locked.order_id AND a.operation = $2 AND a.attempt = $3
       AND a.state = ANY ($7)
     RETURNING payment_state`,
    [
      payment.orderId,
      attempt.operation,
      attempt.number,
      state,
      evidence,
      storedFailure,
      [...statesBefore(attemptSteps, state), ...stillUnknown],
    ],
  );
  return rows[0]?.payment_state ?? null;
}

/** The customer cancels: the confirmation may be on its way, and only the gateway knows. */
export async function supersede(
  tx: EntityManager,
  orderId: string,
  evidence: string,
): Promise<void> {
  await tx.query(
    `UPDATE attempts SET state = 'SUPERSEDED', evidence = $2
     WHERE order_id = $1 AND state = ANY ($3)`,
    [orderId, evidence, statesBefore(attemptSteps, 'SUPERSEDED')],
  );
}

/**
 * Ends what else is undecided about an order when its intent is seen to be final: what became of
 * the superseded confirmation is known now, and a cancellation of a charged intent has failed.
 */
export async function settleOthers(
  tx: EntityManager,
  orderId: string,
  seen: { confirmation: 'SUCCEEDED' | 'FAILED' | 'QUARANTINED'; evidence: string },
): Promise<void> {
  await tx.query(
    `UPDATE attempts SET evidence = $3, decided_at = clock_timestamp(),
       state = CASE operation WHEN 'confirm' THEN $2 ELSE 'FAILED' END
     WHERE order_id = $1 AND state IN ('SENT', 'UNKNOWN', 'SUPERSEDED')`,
    [orderId, seen.confirmation, seen.evidence],
  );
}

export async function lastConfirmation(tx: EntityManager, orderId: string): Promise<number> {
  const [last] = await tx.query<{ attempt: number }[]>(
    `SELECT attempt FROM attempts WHERE order_id = $1 AND operation = 'confirm'
     ORDER BY attempt DESC LIMIT 1`,
    [orderId],
  );
  return last?.attempt ?? 1;
}
