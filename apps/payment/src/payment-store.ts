import { stage } from '@checkout/outbox';
import type { DataSource, EntityManager } from 'typeorm';
import {
  lastConfirmation,
  newAttempt,
  openAttempt,
  recordOutcome,
  settleOthers,
} from './attempts.js';
import type { Clock } from './clock.js';
import { goOn, requestFor } from './go-on.js';
import type { Lesson } from './lesson.js';
import type { Work } from './payment.js';
import { finish, finishCancelled, finishRefunded } from './payment-end.js';
import { paymentDeclined, paymentSucceeded } from './payment-events.js';
import { BEING_WORKED } from './payment-state.js';

/**
 * Writes down what a step taught us.
 *
 * Guarantee: the outcome of an attempt, what follows from it (the next attempt, or the event for
 * the world) and the payment's state are one database transaction, and each write is conditional on
 * the state before. Whoever comes second, with whatever answer, changes nothing and publishes
 * nothing. What follows is decided by the state that is found under the row's lock, not by the one
 * that the worker believed in: the customer may have cancelled while the gateway was asked.
 * Failure story: two workers got an answer for one attempt. The first closes the attempt's row; the
 * second waits for the lock, finds the attempt closed and stops. Were the outcome and the event two
 * database transactions, a crash between them would leave a charge that nobody books.
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
          return this.intentCreated(tx, work, lesson);
        case 'paid':
          return this.paid(tx, work, lesson);
        case 'declined':
          return this.declined(tx, work, lesson);
        case 'cancelled':
          return this.cancelled(tx, work, lesson);
        case 'refunded':
          return this.refunded(tx, work, lesson);
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

  /** It is confirmed, or cancelled when the customer has thought better of it meanwhile. */
  private async intentCreated(
    tx: EntityManager,
    work: Work,
    { intentId, evidence }: Of<'intent-created'>,
  ): Promise<Work | null> {
    const found = await recordOutcome(tx, work, { state: 'SUCCEEDED', evidence });
    if (found === null) return null;
    const state = found === 'CANCELLING' ? 'CANCELLING' : 'CONFIRMING';
    const { owner } = this;
    return goOn(tx, work.payment, { state, intentId, createdAt: this.clock(), owner });
  }

  /** What was charged although the customer had cancelled goes back at once. */
  private async paid(
    tx: EntityManager,
    { payment, attempt }: Work,
    { fee, evidence }: Of<'paid'>,
  ): Promise<Work | null> {
    const seenByCancelling = attempt.operation === 'cancel';
    const found = await recordOutcome(
      tx,
      { payment, attempt },
      { state: seenByCancelling ? 'FAILED' : 'SUCCEEDED', evidence },
    );
    if (found === null) return null;
    const { orderId, intentId } = payment;
    const number = seenByCancelling ? await lastConfirmation(tx, orderId) : attempt.number;
    const occurredAt = await finish(tx, payment, { state: 'PAID', fee });
    await stage(tx, [paymentSucceeded(payment, { attempt: number, fee, occurredAt })]);
    if (found !== 'CANCELLING' || intentId === null) return null;

    await settleOthers(tx, orderId, { confirmation: 'SUCCEEDED', evidence });
    const { owner } = this;
    return goOn(tx, payment, { state: 'REFUNDING', intentId, createdAt: this.clock(), owner });
  }

  private async declined(
    tx: EntityManager,
    work: Work,
    { declineCode, evidence }: Of<'declined'>,
  ): Promise<null> {
    const found = await recordOutcome(tx, work, { state: 'DECLINED', evidence });
    if (found === null) return null;
    const { payment, attempt } = work;
    if (found === 'CANCELLING') return cancelledInstead(tx, work);
    const occurredAt = await finish(tx, payment, { state: 'DECLINED', reason: declineCode });
    const told = { attempt: attempt.number, declineCode, occurredAt };
    await stage(tx, [paymentDeclined(payment, told)]);
    return null;
  }

  private async cancelled(
    tx: EntityManager,
    work: Work,
    { evidence }: Of<'cancelled'>,
  ): Promise<null> {
    if ((await recordOutcome(tx, work, { state: 'SUCCEEDED', evidence })) === null) return null;
    await settleOthers(tx, work.payment.orderId, { confirmation: 'FAILED', evidence });
    await finishCancelled(tx, work.payment);
    return null;
  }

  private async refunded(
    tx: EntityManager,
    work: Work,
    { refundId, evidence }: Of<'refunded'>,
  ): Promise<null> {
    if ((await recordOutcome(tx, work, { state: 'SUCCEEDED', evidence })) === null) return null;
    await finishRefunded(tx, work.payment, refundId);
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
    const found = await recordOutcome(tx, work, { state: 'QUARANTINED', evidence: reason });
    const { payment, attempt } = work;
    const superseded = found === 'CANCELLING' && attempt.operation === 'confirm';
    if (found === null || superseded) return null;
    await settleOthers(tx, payment.orderId, { confirmation: 'QUARANTINED', evidence: reason });
    await finish(tx, payment, { state: 'QUARANTINED', reason });
    return null;
  }

  private async anotherAttempt(
    tx: EntityManager,
    work: Work,
    { evidence, chargeId }: Of<'try-again'>,
  ): Promise<void> {
    const found = await recordOutcome(tx, work, { state: 'FAILED', evidence });
    if (found === null) return;
    const { orderId } = work.payment;
    const { operation, number } = work.attempt;
    if (found === 'CANCELLING' && operation !== 'cancel') {
      await cancelledInstead(tx, work);
      return;
    }
    const request = requestFor(work.payment, operation, number + 1);
    const attempt = newAttempt(operation, number + 1, { request, createdAt: this.clock() });
    await openAttempt(tx, orderId, attempt);
    await tx.query(
      'UPDATE payments SET last_charge_id = coalesce($2, last_charge_id) WHERE order_id = $1',
      [orderId, chargeId],
    );
  }

  /** Gives the lease back, unless it is somebody else's by now, or the payment is elsewhere. */
  private async later(
    tx: EntityManager,
    { payment, attempt }: Work,
    retryInMs: number,
  ): Promise<null> {
    await tx.query(
      `UPDATE payments SET tries = tries + 1, next_try_at = now() + $2 * interval '1 ms',
         lease_owner = NULL, lease_until = NULL
       WHERE order_id = $1 AND lease_owner = $3 AND state IN ${BEING_WORKED}
         AND EXISTS (SELECT FROM attempts a WHERE a.order_id = $1 AND a.operation = $4
           AND a.state IN ('SENT', 'UNKNOWN'))`,
      [payment.orderId, retryInMs, this.owner, attempt.operation],
    );
    return null;
  }
}

/**
 * A step failed for good whose order the customer has cancelled meanwhile. Without an intent that
 * is the end; a confirmation was superseded, and the cancellation decides.
 */
async function cancelledInstead(tx: EntityManager, { payment, attempt }: Work): Promise<null> {
  if (attempt.operation === 'create') await finishCancelled(tx, payment);
  return null;
}
