import { BugError } from '@checkout/eos';
import type { EntityManager } from 'typeorm';
import { newAttempt, openAttempt } from './attempts.js';
import {
  cancelRequest,
  confirmRequest,
  createRequest,
  type FrozenRequest,
  type Operation,
  refundRequest,
} from './frozen-request.js';
import type { Payment, Work } from './payment.js';
import { type PaymentState, paymentSteps, statesBefore } from './payment-state.js';
import { LEASE_MS } from './timing.js';

/**
 * Takes a payment to its next state together with the attempt that is to be made there.
 *
 * Guarantee: nothing is asked of the gateway that was not durable, request and key and all, before;
 * and the intent that is asked about is the one that is stored.
 */
export interface NextStep {
  readonly state: Extract<PaymentState, 'CONFIRMING' | 'CANCELLING' | 'REFUNDING'>;
  readonly intentId: string;
  readonly createdAt: number;
  /** Who goes on with it at once; null leaves it to whoever claims it. */
  readonly owner: string | null;
}

const operationOf = { CONFIRMING: 'confirm', CANCELLING: 'cancel', REFUNDING: 'refund' } as const;

export async function goOn(
  tx: EntityManager,
  before: Payment,
  { state, intentId, createdAt, owner }: NextStep,
): Promise<Work> {
  const payment = { ...before, state, intentId, tries: 0 };
  await changeOne(
    tx,
    `UPDATE payments SET state = $2, payment_intent_id = $3, tries = 0, next_try_at = now(),
       lease_owner = $4,
       lease_until = CASE WHEN $4::text IS NOT NULL THEN now() + $5 * interval '1 ms' END
     WHERE order_id = $1 AND state = ANY ($6) RETURNING order_id`,
    [
      payment.orderId,
      state,
      intentId,
      owner,
      LEASE_MS,
      // A payment whose cancel came while its intent was being made is CANCELLING already.
      [...statesBefore(paymentSteps, state), ...(state === 'CANCELLING' ? [state] : [])],
    ],
  );
  const operation = operationOf[state];
  const request = requestFor(payment, operation, 1);
  const attempt = newAttempt(operation, 1, { request, createdAt });
  await openAttempt(tx, payment.orderId, attempt);
  return { payment, attempt };
}

export function requestFor(payment: Payment, operation: Operation, number: number): FrozenRequest {
  const { orderId, amount, paymentMethod, intentId } = payment;
  if (operation === 'create') return createRequest(orderId, amount, number);
  if (intentId === null)
    throw new BugError(`order ${orderId} has a ${operation} without an intent`);
  switch (operation) {
    case 'confirm':
      return confirmRequest({ orderId, intentId, paymentMethod }, number);
    case 'cancel':
      return cancelRequest(orderId, intentId, number);
    case 'refund':
      return refundRequest({ orderId, intentId, amount }, number);
  }
}

/**
 * Its row is locked and its attempt was open, so its state must be one from which this step may be
 * taken: anything else is a fault of ours, and undoes the whole.
 */
export async function changeOne<Row>(
  tx: EntityManager,
  sql: string,
  parameters: unknown[],
): Promise<Row> {
  const [rows] = await tx.query<[Row[], number]>(sql, parameters);
  const [row] = rows;
  if (row === undefined) throw new BugError(`order ${parameters[0]} is not where it should be`);
  return row;
}
