import { unixSeconds } from '../payment-intents/stripe-objects.js';
import type { Refund } from './refund.js';

/** The object of the API (2026-10-28.endive), with the fields that callers read. */
export function refundObject(refund: Refund): object {
  return {
    id: refund.id,
    object: 'refund',
    amount: refund.amount,
    balance_transaction: refund.balanceTransaction,
    charge: refund.charge,
    created: unixSeconds(refund.created),
    currency: refund.currency,
    metadata: refund.metadata,
    payment_intent: refund.paymentIntent,
    reason: refund.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: refund.status,
    transfer_reversal: null,
  };
}
