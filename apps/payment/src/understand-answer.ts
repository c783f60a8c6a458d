import type { Answer, Failure, Intent, Refund } from './gateway/answer.js';
import type { Operation } from './frozen-request.js';
import type { Lesson } from './lesson.js';
import type { Payment, Work } from './payment.js';
import { MAX_ATTEMPTS } from './timing.js';

/**
 * What an answer of the gateway means for this payment. Pure: the same answer always teaches the
 * same.
 *
 * Guarantee: only an answer that names our order, our amount and our currency can make a payment
 * paid. A gateway, a proxy or a mistake of ours may answer about something else; believing it would
 * ship goods for another sum.
 */
export function understand({ payment, attempt }: Work, answer: Answer): Lesson {
  switch (answer.kind) {
    case 'intent': {
      const wrong = disagreement(payment, answer.intent);
      if (wrong) return { kind: 'quarantined', reason: wrong };
      if (attempt.operation === 'create') {
        return { kind: 'intent-created', intentId: answer.intent.id, evidence: answer.evidence };
      }
      const outcome = outcomeOf({ payment, attempt }, answer.intent, answer.evidence);
      return outcome ?? unknown(`the answer to a ${attempt.operation} shows an intent without it`);
    }
    case 'refund':
      return refundOutcomeOf(payment, answer.refund, answer.evidence);
    case 'declined': {
      const wrong = answer.intent && disagreement(payment, answer.intent);
      if (wrong) return { kind: 'quarantined', reason: wrong };
      return declined({ payment, attempt }, answer.failure, answer.evidence);
    }
    case 'refused':
      return refused(attempt.operation, answer);
    case 'no-such-intent':
      return { kind: 'quarantined', reason: `our intent is unknown there: ${answer.reason}` };
    case 'moved-on':
      return unknown(answer.reason);
    case 'not-executed':
      return { kind: 'not-executed', reason: answer.reason };
    case 'key-misused':
      return {
        kind: 'quarantined',
        reason: `the key was used for something else: ${answer.reason}`,
      };
    case 'unclear':
      return { kind: 'unknown', reason: answer.reason, storedFailure: answer.stored };
  }
}

/**
 * What the intent itself says, whether it came as an answer or was looked up. Null: as far as the
 * gateway knows, this attempt has not been executed.
 */
export function outcomeOf(work: Work, intent: Intent, evidence: string): Lesson | null {
  const cancelling = work.attempt.operation === 'cancel';
  switch (intent.status) {
    case 'succeeded':
      if (intent.fee === null) return unknown('charged, but the gateway does not know its fee yet');
      return { kind: 'paid', fee: intent.fee, evidence };
    case 'canceled':
      return cancelling
        ? { kind: 'cancelled', evidence }
        : { kind: 'declined', declineCode: 'canceled', evidence };
    case 'requires_confirmation':
      return null;
    case 'requires_payment_method':
      if (cancelling) return null;
      return isNews(work.payment, intent.failure) ? declined(work, intent.failure, evidence) : null;
    default:
      return unknown(`the intent is ${intent.status}`);
  }
}

/** A refund may take its time; only one that is done has returned anything. */
export function refundOutcomeOf(payment: Payment, refund: Refund, evidence: string): Lesson {
  const wrong = differences(
    { intent: payment.intentId, order: payment.orderId, ...payment.amount },
    { intent: refund.intentId, order: refund.orderId, ...refund.amount },
  );
  if (wrong) return { kind: 'quarantined', reason: `the refund ${refund.id}: ${wrong}` };
  switch (refund.status) {
    case 'succeeded':
      return { kind: 'refunded', refundId: refund.id, evidence };
    case 'failed':
    case 'canceled':
      return { kind: 'quarantined', reason: `the refund ${refund.id} is ${refund.status}` };
    default:
      return unknown(`the refund ${refund.id} is ${refund.status}`);
  }
}

/** Null when the intent is about this payment in every respect that money depends on. */
export function disagreement(payment: Payment, intent: Intent): string | null {
  const { intentId, orderId, amount } = payment;
  return differences(
    { intent: intentId ?? intent.id, order: orderId, ...amount, livemode: false },
    { intent: intent.id, order: intent.orderId, ...intent.amount, livemode: intent.livemode },
  );
}

type Facts = Readonly<Record<string, string | boolean | null>>;

function differences<F extends Facts>(
  expected: F,
  answered: Record<keyof F, Facts[string]>,
): string | null {
  const wrong = Object.keys(expected).filter((name) => expected[name] !== answered[name]);
  if (wrong.length === 0) return null;
  return wrong.map((name) => `${name} is ${answered[name]}, not ${expected[name]}`).join('; ');
}

/** Another attempt with a new key, or what happens when there have been enough. */
export function tryAgain(
  { attempt }: Work,
  again: { chargeId: string | null; evidence: string },
  exhausted: Lesson,
): Lesson {
  return attempt.number < MAX_ATTEMPTS ? { kind: 'try-again', ...again } : exhausted;
}

/**
 * Of these the issuer says "try again" (docs.stripe.com/declines/codes); every other decline is
 * final.
 */
const TRY_AGAIN = new Set([
  'processing_error',
  'try_again_later',
  'reenter_transaction',
  'issuer_not_available',
]);

function declined(work: Work, failure: Failure, evidence: string): Lesson {
  const { declineCode, chargeId } = failure;
  const final: Lesson = { kind: 'declined', declineCode, evidence };
  return TRY_AGAIN.has(declineCode) ? tryAgain(work, { chargeId, evidence }, final) : final;
}

/** Our request is not what the gateway takes. Nobody can be asked for another card to undo. */
function refused(operation: Operation, answer: { code: string; evidence: string }): Lesson {
  const { code, evidence } = answer;
  if (operation === 'create' || operation === 'confirm') {
    return { kind: 'declined', declineCode: code, evidence };
  }
  return { kind: 'quarantined', reason: `the ${operation} is refused: ${code} (${evidence})` };
}

/** The failure of an earlier attempt stays visible on the intent until the next one is executed. */
function isNews(payment: Payment, failure: Failure | null): failure is Failure {
  return (
    failure !== null && (failure.chargeId === null || failure.chargeId !== payment.lastChargeId)
  );
}

function unknown(reason: string): Lesson {
  return { kind: 'unknown', reason, storedFailure: false };
}
