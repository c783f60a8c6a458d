import { behaviourOf, type Decline } from './test-cards.js';

/**
 * The life of a PaymentIntent, as pure rules (docs.stripe.com/payments/paymentintents/lifecycle).
 *
 *   requires_payment_method ──▶ requires_confirmation ──▶ succeeded
 *            ▲    └───────────────────┬──────┴──▶ requires_action
 *            └── declined ────────────┘                     any but succeeded ──▶ canceled
 *
 * `succeeded` and `canceled` are final: an intent makes at most one successful charge, whatever is
 * asked of it later.
 */
export type IntentStatus =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'succeeded'
  | 'canceled';

export interface PaymentIntent {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: IntentStatus;
  readonly paymentMethod: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly description: string | null;
  readonly lastPaymentError: CardError | null;
  readonly latestCharge: string | null;
  readonly cancellationReason: string | null;
  readonly canceledAt: Date | null;
  readonly created: Date;
}

export interface CardError {
  readonly type: 'card_error';
  readonly code: string;
  readonly decline_code?: string;
  readonly message: string;
  readonly charge?: string;
}

export interface ConfirmRequest {
  readonly paymentMethod: string | null;
  readonly errorOnRequiresAction: boolean;
}

/** What a confirmation comes to. Refusals are values: none of them throws. */
export type Confirmation =
  | { readonly kind: 'charge'; readonly paymentMethod: string }
  | { readonly kind: 'decline'; readonly paymentMethod: string; readonly decline: Decline }
  | { readonly kind: 'authentication-refused'; readonly paymentMethod: string }
  | { readonly kind: 'authentication-needed'; readonly paymentMethod: string }
  | { readonly kind: 'no-method' }
  | { readonly kind: 'unexpected-state' };

export function confirm(intent: PaymentIntent, request: ConfirmRequest): Confirmation {
  if (intent.status === 'succeeded' || intent.status === 'canceled') {
    return { kind: 'unexpected-state' };
  }
  const paymentMethod = request.paymentMethod ?? intent.paymentMethod;
  if (paymentMethod === null) return { kind: 'no-method' };
  const behaviour = behaviourOf(paymentMethod);
  switch (behaviour.kind) {
    case 'succeeds':
      return { kind: 'charge', paymentMethod };
    case 'declines':
      return { kind: 'decline', paymentMethod, decline: behaviour.decline };
    case 'needs-authentication':
      return request.errorOnRequiresAction
        ? { kind: 'authentication-refused', paymentMethod }
        : { kind: 'authentication-needed', paymentMethod };
  }
}

export function mayBeCanceled(intent: PaymentIntent): boolean {
  return intent.status !== 'succeeded' && intent.status !== 'canceled';
}
