import { createHash } from 'node:crypto';
import type { Money } from '@checkout/money';

/**
 * A request to the gateway, frozen as text together with its key, before it is sent for the first
 * time.
 *
 * Guarantee: every repeat sends what the first call sent, byte for byte, whatever prices, rates or
 * code have become since.
 * Threat: a repeat is built anew from today's data. Under the same key the gateway refuses it (the
 * parameters differ); under a new key it charges a second time. So nothing is built anew: the text
 * is stored with its hash in the database transaction before the call, and a text that no longer
 * has its hash is never sent.
 */
export type Operation = 'create' | 'confirm' | 'cancel' | 'refund';

export interface FrozenRequest {
  readonly key: string;
  readonly text: string;
  readonly hash: string;
}

export type GatewayRequest =
  | { readonly operation: 'create'; readonly parameters: CreateParameters }
  | {
      readonly operation: 'confirm';
      readonly intentId: string;
      readonly parameters: ConfirmParameters;
    }
  | {
      readonly operation: 'cancel';
      readonly intentId: string;
      readonly parameters: CancelParameters;
    }
  | {
      readonly operation: 'refund';
      readonly intentId: string;
      readonly parameters: RefundParameters;
    };

export interface CreateParameters {
  readonly amount: number;
  readonly currency: string;
  readonly payment_method_types: ['card'];
  readonly metadata: { readonly order_id: string };
}

export interface ConfirmParameters {
  readonly payment_method: string;
  /**
   * Nobody is there to authenticate: a card that asks for it is declined instead of left waiting.
   */
  readonly error_on_requires_action: true;
  readonly expand: ['latest_charge.balance_transaction'];
}

export interface CancelParameters {
  readonly cancellation_reason: 'requested_by_customer';
}

export interface RefundParameters {
  readonly payment_intent: string;
  /** Named, although "all that is left" is the default: whoever repeats must ask for the same. */
  readonly amount: number;
  readonly reason: 'requested_by_customer';
  readonly metadata: { readonly order_id: string };
}

/** A function of what is done and of nothing else: no time, no process, no random part. */
export function idempotencyKey(orderId: string, operation: Operation, attempt: number): string {
  return `${orderId}:${operation}:${attempt}`;
}

/**
 * Creating never confirms and names no card: an intent that nobody confirms never charges anybody.
 */
export function createRequest(orderId: string, amount: Money, attempt: number): FrozenRequest {
  return freeze(idempotencyKey(orderId, 'create', attempt), {
    operation: 'create',
    parameters: {
      amount: Number(amount.amount),
      currency: amount.currency.toLowerCase(),
      payment_method_types: ['card'],
      metadata: { order_id: orderId },
    },
  });
}

export interface ConfirmTarget {
  readonly orderId: string;
  readonly intentId: string;
  readonly paymentMethod: string;
}

export function confirmRequest(target: ConfirmTarget, attempt: number): FrozenRequest {
  return freeze(idempotencyKey(target.orderId, 'confirm', attempt), {
    operation: 'confirm',
    intentId: target.intentId,
    parameters: {
      payment_method: target.paymentMethod,
      error_on_requires_action: true,
      expand: ['latest_charge.balance_transaction'],
    },
  });
}

/** An intent that is cancelled can never charge, whatever is still on its way to it. */
export function cancelRequest(orderId: string, intentId: string, attempt: number): FrozenRequest {
  return freeze(idempotencyKey(orderId, 'cancel', attempt), {
    operation: 'cancel',
    intentId,
    parameters: { cancellation_reason: 'requested_by_customer' },
  });
}

export interface RefundTarget {
  readonly orderId: string;
  readonly intentId: string;
  readonly amount: Money;
}

/** The whole amount, so that the gateway itself refuses a second one. */
export function refundRequest(target: RefundTarget, attempt: number): FrozenRequest {
  const { orderId, intentId, amount } = target;
  return freeze(idempotencyKey(orderId, 'refund', attempt), {
    operation: 'refund',
    intentId,
    parameters: {
      payment_intent: intentId,
      amount: Number(amount.amount),
      reason: 'requested_by_customer',
      metadata: { order_id: orderId },
    },
  });
}

/** Null when the text is not what was frozen: then it must not be sent. */
export function thaw(frozen: FrozenRequest): GatewayRequest | null {
  return sha256(frozen.text) === frozen.hash ? (JSON.parse(frozen.text) as GatewayRequest) : null;
}

function freeze(key: string, request: GatewayRequest): FrozenRequest {
  const text = JSON.stringify(request);
  return { key, text, hash: sha256(text) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
