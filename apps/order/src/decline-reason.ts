/** What the card's bank said, in words for the customer, who cannot do anything with a code. */
const REASONS: Readonly<Record<string, string>> = {
  authentication_required: 'The bank wants you to confirm this payment, which this card could not.',
  card_not_supported: 'This card cannot be used for this kind of purchase.',
  card_velocity_exceeded: 'The card has reached its limit for now.',
  currency_not_supported: 'The card does not support this currency.',
  expired_card: 'The card has expired.',
  incorrect_cvc: 'The security code of the card is not right.',
  insufficient_funds: 'There is not enough money on the card.',
  processing_error: 'The bank could not process the payment.',
};

/** Banks ask shops not to tell the holder of a lost or stolen card more than this. */
const UNSAID = 'The bank declined the card.';

export function declineReason(declineCode: string): string {
  return `${REASONS[declineCode] ?? UNSAID} Nothing was charged.`;
}
