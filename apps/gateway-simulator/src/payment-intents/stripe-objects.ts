import type { PaymentIntent } from './payment-intent.js';

/** A charge as the books keep it. */
export interface Charge {
  readonly id: string;
  readonly paymentIntent: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: 'succeeded' | 'failed';
  readonly paymentMethod: string;
  readonly failureCode: string | null;
  readonly declineCode: string | null;
  readonly failureMessage: string | null;
  readonly balanceTransaction: string | null;
  readonly fee: number | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly created: Date;
  /** The sum of its refunds. */
  readonly amountRefunded: number;
}

/**
 * The objects of the API (2026-10-28.endive), with the fields that the Stripe SDK's types promise
 * and callers read.
 */
export function paymentIntentObject(
  intent: PaymentIntent,
  charge: Charge | null,
  expand: ReadonlySet<string>,
): object {
  const expandTransaction = expand.has('latest_charge.balance_transaction');
  const expandCharge = expandTransaction || expand.has('latest_charge');
  const expanded = expandCharge && charge ? chargeObject(charge, expandTransaction) : null;
  return {
    id: intent.id,
    object: 'payment_intent',
    amount: intent.amount,
    amount_capturable: 0,
    amount_received: intent.status === 'succeeded' ? intent.amount : 0,
    canceled_at: intent.canceledAt ? unixSeconds(intent.canceledAt) : null,
    cancellation_reason: intent.cancellationReason,
    capture_method: 'automatic',
    client_secret: `${intent.id}_secret_simulated`,
    confirmation_method: 'automatic',
    created: unixSeconds(intent.created),
    currency: intent.currency,
    customer: null,
    description: intent.description,
    last_payment_error: intent.lastPaymentError,
    latest_charge: expanded ?? intent.latestCharge,
    livemode: false,
    metadata: intent.metadata,
    next_action: intent.status === 'requires_action' ? { type: 'use_stripe_sdk' } : null,
    payment_method: intent.paymentMethod,
    payment_method_types: ['card'],
    status: intent.status,
  };
}

export function chargeObject(charge: Charge, expandTransaction: boolean): object {
  return {
    id: charge.id,
    object: 'charge',
    amount: charge.amount,
    amount_captured: charge.status === 'succeeded' ? charge.amount : 0,
    amount_refunded: charge.amountRefunded,
    balance_transaction: expandTransaction
      ? balanceTransactionObject(charge)
      : charge.balanceTransaction,
    captured: charge.status === 'succeeded',
    created: unixSeconds(charge.created),
    currency: charge.currency,
    failure_code: charge.failureCode,
    failure_message: charge.failureMessage,
    livemode: false,
    metadata: charge.metadata,
    paid: charge.status === 'succeeded',
    payment_intent: charge.paymentIntent,
    payment_method: charge.paymentMethod,
    refunded: charge.amountRefunded === charge.amount,
    status: charge.status,
  };
}

function balanceTransactionObject(charge: Charge): object | null {
  if (charge.balanceTransaction === null || charge.fee === null) return null;
  const { amount, currency, fee } = charge;
  return {
    id: charge.balanceTransaction,
    object: 'balance_transaction',
    amount,
    created: unixSeconds(charge.created),
    currency,
    fee,
    fee_details: [{ amount: fee, currency, type: 'stripe_fee', description: 'processing fee' }],
    net: amount - fee,
    source: charge.id,
    status: 'available',
    type: 'charge',
  };
}

export function unixSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
