import type { Answer, Failure, Intent } from './gateway/answer.js';
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
      return outcome ?? unknown('the answer to a confirmation shows an unconfirmed intent');
    }
    case 'declined': {
      const wrong = answer.intent && disagreement(payment, answer.intent);
      if (wrong) return { kind: 'quarantined', reason: wrong };
      return declined({ payment, attempt }, answer.failure, answer.evidence);
    }
    case 'refused':
      return { kind: 'declined', declineCode: answer.code, evidence: answer.evidence };
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
 * gateway knows, this attempt's confirmation has not been executed.
 */
export function outcomeOf(work: Work, intent: Intent, evidence: string): Lesson | null {
  switch (intent.status) {
    case 'succeeded':
      if (intent.fee === null) return unknown('charged, but the gateway does not know its fee yet');
      return { kind: 'paid', fee: intent.fee, evidence };
    case 'canceled':
      return { kind: 'declined', declineCode: 'canceled', evidence };
    case 'requires_confirmation':
      return null;
    case 'requires_payment_method':
      return isNews(work.payment, intent.failure) ? declined(work, intent.failure, evidence) : null;
    default:
      return unknown(`the intent is ${intent.status}`);
  }
}

/** Null when the intent is about this payment in every respect that money depends on. */
export function disagreement(payment: Payment, intent: Intent): string | null {
  const expected = {
    intent: payment.intentId ?? intent.id,
    order: payment.orderId,
    amount: payment.amount.amount,
    currency: payment.amount.currency,
    livemode: false,
  };
  const answered = {
    intent: intent.id,
    order: intent.orderId,
    amount: intent.amount.amount,
    currency: intent.amount.currency,
    livemode: intent.livemode,
  };
  const names = Object.keys(expected) as (keyof typeof expected)[];
  const wrong = names.filter((name) => expected[name] !== answered[name]);
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

/** The failure of an earlier attempt stays visible on the intent until the next one is executed. */
function isNews(payment: Payment, failure: Failure | null): failure is Failure {
  return (
    failure !== null && (failure.chargeId === null || failure.chargeId !== payment.lastChargeId)
  );
}

function unknown(reason: string): Lesson {
  return { kind: 'unknown', reason, storedFailure: false };
}
