import type { EntityManager } from 'typeorm';
import type { Attempt, Work } from './payment.js';
import { type AttemptState, attemptSteps, statesBefore } from './payment-state.js';

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
  readonly state: Exclude<AttemptState, 'SENT'>;
  /** The gateway's request id, or what was seen when looking. */
  readonly evidence: string;
  readonly storedFailure?: boolean;
}

/**
 * False when somebody else has written an outcome already. The row lock taken here puts two workers
 * with two answers in an order; it is always taken before that of the payment.
 */
export async function recordOutcome(
  tx: EntityManager,
  { payment, attempt }: Work,
  outcome: AttemptOutcome,
): Promise<boolean> {
  const { state, evidence, storedFailure = false } = outcome;
  const stillUnknown: AttemptState[] = state === 'UNKNOWN' ? ['UNKNOWN'] : [];
  const [, changed] = await tx.query<[unknown[], number]>(
    `UPDATE attempts SET state = $4, evidence = $5, stored_failure = stored_failure OR $6,
       decided_at = CASE WHEN $4 <> 'UNKNOWN' THEN clock_timestamp() END
     WHERE order_id = $1 AND operation = $2 AND attempt = $3 AND state = ANY ($7)`,
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
  return changed === 1;
}
