import { BugError } from '@checkout/eos';
import type { Money } from '@checkout/money';
import { stage } from '@checkout/outbox';
import type { DataSource, EntityManager } from 'typeorm';
import { openAttempt, recordOutcome } from './attempts.js';
import type { Clock } from './clock.js';
import { confirmRequest, createRequest, type FrozenRequest } from './frozen-request.js';
import type { Lesson } from './lesson.js';
import type { Attempt, Payment, Work } from './payment.js';
import { paymentDeclined, paymentSucceeded } from './payment-events.js';
import { type PaymentState, paymentSteps, statesBefore } from './payment-state.js';
import { LEASE_MS } from './timing.js';

/**
 * Writes down what a step taught us.
 *
 * Guarantee: the outcome of an attempt, what follows from it (the next attempt, or the event for
 * the world) and the payment's state are one database transaction, and each write is conditional on
 * the state before. Whoever comes second, with whatever answer, changes nothing and publishes
 * nothing.
 * Failure story: two workers got an answer for one attempt. The first closes the attempt's row; the
 * second waits for the row's lock, finds the attempt closed and stops. Were the outcome and the
 * event two database transactions, a crash between them would leave a charge that nobody books.
 */
type Of<K extends Lesson['kind']> = Extract<Lesson, { kind: K }>;

export class PaymentStore {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    /** The name on this worker's leases. */
    private readonly owner: string,
  ) {}

  /**
   * The step to be taken next, at once; null when there is none, also because somebody else was
   * faster.
   */
  writeDown(work: Work, lesson: Lesson, retryInMs: number): Promise<Work | null> {
    return this.database.transaction(async (tx) => {
      switch (lesson.kind) {
        case 'intent-created':
          return this.confirmNext(tx, work, lesson);
        case 'paid':
          return this.paid(tx, work, lesson);
        case 'declined':
          return this.declined(tx, work, lesson);
        case 'quarantined':
          return this.quarantined(tx, work, lesson);
        case 'try-again':
          await this.anotherAttempt(tx, work, lesson);
          return this.later(tx, work, retryInMs);
        case 'unknown':
          await recordOutcome(tx, work, { ...lesson, state: 'UNKNOWN', evidence: lesson.reason });
          return this.later(tx, work, retryInMs);
        case 'not-executed':
          return this.later(tx, work, retryInMs);
      }
    });
  }

  private async confirmNext(
    tx: EntityManager,
    work: Work,
    { intentId, evidence }: Of<'intent-created'>,
  ): Promise<Work | null> {
    if (!(await recordOutcome(tx, work, { state: 'SUCCEEDED', evidence }))) return null;
    const { orderId, paymentMethod } = work.payment;
    await changeOne(
      tx,
      `UPDATE payments SET state = 'CONFIRMING', payment_intent_id = $2, tries = 0,
         lease_owner = $3, lease_until = now() + $4 * interval '1 ms'
       WHERE order_id = $1 AND payment_intent_id IS NULL AND state = ANY ($5) RETURNING order_id`,
      [orderId, intentId, this.owner, LEASE_MS, statesBefore(paymentSteps, 'CONFIRMING')],
    );
    const request = confirmRequest({ orderId, intentId, paymentMethod }, 1);
    const attempt = this.newAttempt('confirm', 1, request);
    await openAttempt(tx, orderId, attempt);
    return { payment: { ...work.payment, state: 'CONFIRMING', intentId, tries: 0 }, attempt };
  }

  private async paid(tx: EntityManager, work: Work, { fee, evidence }: Of<'paid'>): Promise<null> {
    if (!(await recordOutcome(tx, work, { state: 'SUCCEEDED', evidence }))) return null;
    const { payment, attempt } = work;
    const occurredAt = await finish(tx, payment, { state: 'PAID', fee, reason: null });
    await stage(tx, [paymentSucceeded(payment, { attempt: attempt.number, fee, occurredAt })]);
    return null;
  }

  private async declined(
    tx: EntityManager,
    work: Work,
    { declineCode, evidence }: Of<'declined'>,
  ): Promise<null> {
    if (!(await recordOutcome(tx, work, { state: 'DECLINED', evidence }))) return null;
    const { payment, attempt } = work;
    const decline = { state: 'DECLINED', fee: null, reason: declineCode } as const;
    const occurredAt = await finish(tx, payment, decline);
    const told = { attempt: attempt.number, declineCode, occurredAt };
    await stage(tx, [paymentDeclined(payment, told)]);
    return null;
  }

  /**
   * Nobody is told: what the gateway says about this order is not believed until a person has
   * looked.
   */
  private async quarantined(
    tx: EntityManager,
    work: Work,
    { reason }: Of<'quarantined'>,
  ): Promise<null> {
    if (!(await recordOutcome(tx, work, { state: 'QUARANTINED', evidence: reason }))) return null;
    await finish(tx, work.payment, { state: 'QUARANTINED', fee: null, reason });
    return null;
  }

  private async anotherAttempt(
    tx: EntityManager,
    work: Work,
    { evidence, chargeId }: Of<'try-again'>,
  ): Promise<void> {
    if (!(await recordOutcome(tx, work, { state: 'FAILED', evidence }))) return;
    const { orderId } = work.payment;
    const { operation, number } = work.attempt;
    const attempt = this.newAttempt(operation, number + 1, requestFor(work, number + 1));
    await openAttempt(tx, orderId, attempt);
    await tx.query(
      'UPDATE payments SET last_charge_id = coalesce($2, last_charge_id) WHERE order_id = $1',
      [orderId, chargeId],
    );
  }

  /** Gives the lease back, unless it is somebody else's by now. */
  private async later(tx: EntityManager, { payment }: Work, retryInMs: number): Promise<null> {
    await tx.query(
      `UPDATE payments SET tries = tries + 1, next_try_at = now() + $2 * interval '1 ms',
         lease_owner = NULL, lease_until = NULL
       WHERE order_id = $1 AND lease_owner = $3 AND state IN ('CREATING', 'CONFIRMING')`,
      [payment.orderId, retryInMs, this.owner],
    );
    return null;
  }

  private newAttempt(
    operation: Attempt['operation'],
    number: number,
    request: FrozenRequest,
  ): Attempt {
    const createdAt = this.clock();
    return { operation, number, request, state: 'SENT', storedFailure: false, createdAt };
  }
}

function requestFor({ payment, attempt }: Work, number: number): FrozenRequest {
  const { orderId, amount, paymentMethod, intentId } = payment;
  if (attempt.operation === 'create') return createRequest(orderId, amount, number);
  if (intentId === null)
    throw new BugError(`order ${orderId} has a confirmation without an intent`);
  return confirmRequest({ orderId, intentId, paymentMethod }, number);
}

interface End {
  readonly state: Extract<PaymentState, 'PAID' | 'DECLINED' | 'QUARANTINED'>;
  readonly fee: Money | null;
  readonly reason: string | null;
}

/**
 * The end of a payment, and when it was: by the database's clock, once, for everybody who books it.
 */
async function finish(tx: EntityManager, { orderId }: Payment, end: End): Promise<string> {
  const { decided_at } = await changeOne<{ decided_at: Date }>(
    tx,
    `UPDATE payments SET state = $2, fee = $3, fee_currency = $4, reason = $5,
       decided_at = date_trunc('milliseconds', clock_timestamp()),
       decided_xid = pg_current_xact_id(),
       lease_owner = NULL, lease_until = NULL
     WHERE order_id = $1 AND state = ANY ($6) RETURNING decided_at`,
    [
      orderId,
      end.state,
      end.fee?.amount,
      end.fee?.currency,
      end.reason,
      statesBefore(paymentSteps, end.state),
    ],
  );
  return decided_at.toISOString();
}

/**
 * Its attempt was open, so the payment must be: anything else is a fault of ours, and undoes the
 * whole.
 */
async function changeOne<Row>(tx: EntityManager, sql: string, parameters: unknown[]): Promise<Row> {
  const [rows] = await tx.query<[Row[], number]>(sql, parameters);
  const [row] = rows;
  if (row === undefined)
    throw new BugError(`order ${parameters[0]} had an open attempt and was over`);
  return row;
}
