import type { Intent, Refund } from './gateway/answer.js';
import type { Gateway } from './gateway/stripe-gateway.js';
import type { FrozenRequest, GatewayRequest } from './frozen-request.js';
import type { Lesson } from './lesson.js';
import type { Work } from './payment.js';
import { KEY_WINDOW_MS, LISTING_MARGIN_MS } from './timing.js';
import {
  disagreement,
  outcomeOf,
  refundOutcomeOf,
  tryAgain,
  understand,
} from './understand-answer.js';

/**
 * A call was made and we do not know what came of it. We find out; we do not guess.
 *
 * Guarantee: an unknown outcome ends only by evidence, that is, by an answer, by the state of the
 * intent, or by proof that nothing of this attempt exists. Until then no other key is used for the
 * same purpose.
 * Failure story: the gateway charged, the answer was lost. "Failed, try again" with a new key
 * charges twice; "failed, tell the customer" ships nothing for money taken. The same key with the
 * same bytes is safe while the gateway remembers it, so we repeat that, and once it may have
 * forgotten we only look.
 * A stored 500 is said again for as long as the key lives, although the charge may exist: there
 * repeating is useless and only looking helps.
 * Not promised: an end while the gateway is away. The payment waits, and is alarmed about.
 */
export interface Sending {
  readonly gateway: Gateway;
  readonly frozen: FrozenRequest;
  readonly request: GatewayRequest;
  readonly now: number;
}

export function resolveUnknown(work: Work, sending: Sending): Promise<Lesson> {
  switch (work.attempt.operation) {
    case 'create':
      return resolveCreate(work, sending);
    case 'confirm':
    case 'cancel':
      return resolveByIntent(work, sending);
    case 'refund':
      return resolveRefund(work, sending);
  }
}

/**
 * Whether the gateway certainly still knows this key, so that a repeat cannot execute a second
 * time.
 */
export function keyIsRemembered({ attempt }: Work, now: number): boolean {
  return now - attempt.createdAt < KEY_WINDOW_MS;
}

/**
 * A second intent would do no harm, since only the stored one is ever confirmed; the repeat avoids
 * even that.
 */
async function resolveCreate(work: Work, sending: Sending): Promise<Lesson> {
  const { payment, attempt } = work;
  const { gateway, frozen, request, now } = sending;
  if (keyIsRemembered(work, now) && !attempt.storedFailure) {
    return understand(work, await gateway.send(frozen, request));
  }
  const found = await gateway.listByOrder(payment.orderId, {
    from: attempt.createdAt - LISTING_MARGIN_MS,
    to: now + LISTING_MARGIN_MS,
  });
  if (found === null) return unknown('the list of intents could not be read to its end');
  const [oldest] = found;
  return oldest ? adopt(work, oldest) : absent(work, 'no intent of this order was ever created');
}

async function resolveByIntent(work: Work, sending: Sending): Promise<Lesson> {
  const { payment, attempt } = work;
  const { gateway, frozen, request, now } = sending;
  if (payment.intentId === null) return noIntent;
  const seen = await gateway.look(payment.intentId);
  if (seen.kind !== 'intent') return understand(work, seen);

  const wrong = disagreement(payment, seen.intent);
  if (wrong) return { kind: 'quarantined', reason: wrong };
  const outcome = outcomeOf(work, seen.intent, `looked up: ${seen.evidence}`);
  if (outcome) return outcome;

  // The intent guards what follows: it makes one successful charge at most, or none once it is
  // cancelled, whatever is still under way.
  if (attempt.storedFailure || !keyIsRemembered(work, now)) {
    return absent(work, `looked up: the ${attempt.operation} of ${payment.intentId} is not there`);
  }
  return understand(work, await gateway.send(frozen, request));
}

/**
 * The refunds of the intent are the truth about a refund. What guards the repeat is the whole
 * amount: the gateway returns no more than was captured, so a second refund has nothing left.
 */
async function resolveRefund(work: Work, sending: Sending): Promise<Lesson> {
  const { payment, attempt } = work;
  const { gateway, frozen, request, now } = sending;
  if (payment.intentId === null) return noIntent;
  const found = await gateway.listRefunds(payment.intentId);
  if (found === null) return unknown('the list of refunds could not be read to its end');
  const seen = oursAmong(found, payment.orderId);
  if (seen) return refundOutcomeOf(payment, seen, `looked up: ${seen.id}`);

  if (attempt.storedFailure || !keyIsRemembered(work, now)) {
    return absent(work, `looked up: ${payment.intentId} has no refund`);
  }
  return understand(work, await gateway.send(frozen, request));
}

/** Ours, or else any: what somebody else has returned is not ours to return once more. */
function oursAmong(refunds: readonly Refund[], orderId: string): Refund | undefined {
  return refunds.find((refund) => refund.orderId === orderId) ?? refunds[0];
}

function adopt({ payment }: Work, intent: Intent): Lesson {
  const wrong = disagreement(payment, intent);
  if (wrong) return { kind: 'quarantined', reason: wrong };
  return { kind: 'intent-created', intentId: intent.id, evidence: 'found in the list of intents' };
}

/** Proof that nothing came of this attempt: a definite failure, so another key may be used. */
function absent(work: Work, evidence: string): Lesson {
  const reason = `${evidence}, and it was tried often enough`;
  return tryAgain(work, { chargeId: null, evidence }, { kind: 'quarantined', reason });
}

const noIntent: Lesson = { kind: 'quarantined', reason: 'a request without a stored intent' };

function unknown(reason: string): Lesson {
  return { kind: 'unknown', reason, storedFailure: false };
}
