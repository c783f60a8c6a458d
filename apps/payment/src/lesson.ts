import type { Money } from '@checkout/money';

/**
 * What one step taught us about a payment; each kind is written down in one database transaction.
 */
export type Lesson =
  | { readonly kind: 'intent-created'; readonly intentId: string; readonly evidence: string }
  | { readonly kind: 'paid'; readonly fee: Money; readonly evidence: string }
  /** Final, whether the card or the request was refused. */
  | { readonly kind: 'declined'; readonly declineCode: string; readonly evidence: string }
  /** The intent is cancelled at the gateway: nothing was charged and nothing can be. */
  | { readonly kind: 'cancelled'; readonly evidence: string }
  | { readonly kind: 'refunded'; readonly refundId: string; readonly evidence: string }
  /**
   * This attempt failed for good and had no effect: another one, with a new key, may be made.
   */
  | { readonly kind: 'try-again'; readonly chargeId: string | null; readonly evidence: string }
  /**
   * It may have happened. The attempt stays open, and the next step looks before it does anything
   * else.
   */
  | { readonly kind: 'unknown'; readonly reason: string; readonly storedFailure: boolean }
  /** It certainly did not happen, and nothing was stored: the same attempt again, later. */
  | { readonly kind: 'not-executed'; readonly reason: string }
  /** The gateway says what cannot be: neither paid nor refused, a person must look. */
  | { readonly kind: 'quarantined'; readonly reason: string };
