import type { Money } from '@checkout/money';

/**
 * What the gateway told us, in our words. Each foreign error is translated where it occurs, and
 * nowhere else.
 */
export type Answer =
  | { readonly kind: 'intent'; readonly intent: Intent; readonly evidence: string }
  | { readonly kind: 'refund'; readonly refund: Refund; readonly evidence: string }
  | {
      readonly kind: 'declined';
      readonly failure: Failure;
      readonly intent: Intent | null;
      readonly evidence: string;
    }
  /** Our request was read and refused; nothing happened and nothing will. */
  | { readonly kind: 'refused'; readonly code: string; readonly evidence: string }
  /** The intent that we have stored is not known there. */
  | { readonly kind: 'no-such-intent'; readonly reason: string }
  /**
   * The intent or its charge is not in a state for this request: something happened that we have
   * not seen.
   */
  | { readonly kind: 'moved-on'; readonly reason: string }
  /** Known to have stopped before the idempotency layer: rate limit, missing right. */
  | { readonly kind: 'not-executed'; readonly reason: string }
  /** The key was used for another request: one of the two is a fault of ours. */
  | { readonly kind: 'key-misused'; readonly reason: string }
  /**
   * Time-out, reset, 409, 5xx: it may have happened. `stored`: the gateway will say the same for
   * ever.
   */
  | { readonly kind: 'unclear'; readonly reason: string; readonly stored: boolean };

export interface Intent {
  readonly id: string;
  readonly status: string;
  readonly amount: Money;
  readonly orderId: string | null;
  readonly livemode: boolean;
  /** What became of the last confirmation, if it failed. */
  readonly failure: Failure | null;
  /** What the gateway keeps; null until it is known. */
  readonly fee: Money | null;
}

export interface Failure {
  /** `insufficient_funds`, `expired_card`, … */
  readonly declineCode: string;
  readonly chargeId: string | null;
}

export interface Refund {
  readonly id: string;
  readonly status: string;
  readonly amount: Money;
  readonly intentId: string | null;
  readonly orderId: string | null;
}
