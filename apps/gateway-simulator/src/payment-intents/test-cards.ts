/**
 * What each of Stripe's test payment methods does when it is charged (docs.stripe.com/testing).
 * The ids are Stripe's; no card number exists anywhere in this project.
 */
export interface Decline {
  readonly code: 'card_declined' | 'expired_card' | 'incorrect_cvc' | 'processing_error';
  readonly declineCode: string;
  readonly message: string;
}
export type CardBehaviour =
  | { readonly kind: 'succeeds' }
  | { readonly kind: 'declines'; readonly decline: Decline }
  | { readonly kind: 'needs-authentication' };

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
