/**
 * What each of Stripe's test payment methods does when it is charged (docs.stripe.com/testing).
 * The ids are Stripe's, but for two; no card number exists anywhere in this project.
 */
export interface Decline {
  readonly code: 'card_declined' | 'expired_card' | 'incorrect_cvc' | 'processing_error';
  readonly declineCode: string;
  readonly message: string;
}
export type CardBehaviour =
  /** `trouble` is about the answer, never about the charge: the books are right at once. */
  | { readonly kind: 'succeeds'; readonly trouble?: CardTrouble }
  | { readonly kind: 'declines'; readonly decline: Decline }
  | { readonly kind: 'needs-authentication' };

/** What happens around a confirmation with this card, besides what happens to the money. */
export type CardTrouble =
  /** The card network takes its time before it charges. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** The charge is made and its answer is lost; the same key replays it to whoever asks again. */
  | { readonly kind: 'answer-lost' };

/** Slow for a person who waits, and within the 8 s that a call of the payment service may take. */
const SLOW_CARD_MS = 5_000;

const succeeds: CardBehaviour = { kind: 'succeeds' };
const needsAuthentication: CardBehaviour = { kind: 'needs-authentication' };

function declines(
  declineCode: string,
  message = 'Your card was declined.',
  code: Decline['code'] = 'card_declined',
): CardBehaviour {
  return { kind: 'declines', decline: { code, declineCode, message } };
}

const cards: Readonly<Record<string, CardBehaviour>> = {
  pm_card_visa: succeeds,
  pm_card_visa_debit: succeeds,
  pm_card_mastercard: succeeds,
  pm_card_amex: succeeds,
  pm_card_visa_chargeDeclined: declines('generic_decline'),
  pm_card_chargeDeclined: declines('generic_decline'),
  pm_card_chargeCustomerFail: declines('generic_decline'),
  pm_card_visa_chargeDeclinedInsufficientFunds: declines(
    'insufficient_funds',
    'Your card has insufficient funds.',
  ),
  pm_card_visa_chargeDeclinedLostCard: declines('lost_card'),
  pm_card_visa_chargeDeclinedStolenCard: declines('stolen_card'),
  pm_card_visa_chargeDeclinedVelocityLimitExceeded: declines('card_velocity_exceeded'),
  pm_card_chargeDeclinedExpiredCard: declines(
    'expired_card',
    'Your card has expired.',
    'expired_card',
  ),
  pm_card_chargeDeclinedIncorrectCvc: declines(
    'incorrect_cvc',
    "Your card's security code is incorrect.",
    'incorrect_cvc',
  ),
  pm_card_chargeDeclinedProcessingError: declines(
    'processing_error',
    'An error occurred while processing your card. Try again in a little bit.',
    'processing_error',
  ),
  // These two are this simulator's own: a shop can show with them what no card of Stripe's shows.
  pm_card_visa_slow: { kind: 'succeeds', trouble: { kind: 'slow', ms: SLOW_CARD_MS } },
  pm_card_visa_answerLost: { kind: 'succeeds', trouble: { kind: 'answer-lost' } },
  pm_card_authenticationRequired: needsAuthentication,
  pm_card_threeDSecure2Required: needsAuthentication,
};

export function isKnown(paymentMethod: string): boolean {
  return Object.hasOwn(cards, paymentMethod);
}

/**
 * Parameters are checked before anything executes, so an unknown method here is a fault of this
 * program.
 */
export function behaviourOf(paymentMethod: string): CardBehaviour {
  const behaviour = cards[paymentMethod];
  if (!behaviour) throw new Error(`no behaviour is known for ${paymentMethod}`);
  return behaviour;
}

/** Null for a card without trouble, and for a method that nobody knows. */
export function troubleOf(paymentMethod: string | null): CardTrouble | null {
  const behaviour = paymentMethod === null ? undefined : cards[paymentMethod];
  return behaviour?.kind === 'succeeds' ? (behaviour.trouble ?? null) : null;
}
