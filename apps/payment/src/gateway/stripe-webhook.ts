import { webhookEvent } from '@checkout/api';
import { Stripe } from 'stripe';
import { z } from 'zod';

/**
 * What the gateway tells by itself, believed only with its signature.
 *
 * Guarantee: bytes that no holder of a secret has signed within the last five minutes are refused
 * before anything of them is read. The SDK compares the signature and refuses what is old;
 * a time stamp of the future passes it, so that a signature once made could be kept for later:
 * that is refused here.
 * Not promised: that an event is news, or comes in order. It is a snapshot of then.
 */
export interface WebhookEvent {
  readonly id: string;
  readonly type: string;
  /** Milliseconds. */
  readonly created: number;
  /** Null when it is about no payment. */
  readonly about: About | null;
}

export interface About {
  readonly intentId: string;
  readonly orderId: string | null;
  readonly amount: string;
  readonly currency: string;
}

export type ReadWebhook =
  | { readonly kind: 'event'; readonly event: WebhookEvent }
  | { readonly kind: 'refused'; readonly reason: string };

interface Trust {
  readonly secrets: readonly string[];
  /** Milliseconds. */
  readonly now: number;
}

/** docs.stripe.com/webhooks/signature: five minutes, in both directions. */
const TOLERANCE_SECONDS = 300;
/** A handful of secrets while they are rolled over; more is somebody's attempt to keep us busy. */
const LONGEST_HEADER = 1_024;

const intentId = z.string().regex(/^pi_\w{1,250}$/);
const paymentIntent = z.object({
  object: z.literal('payment_intent'),
  id: intentId,
  amount: z.int(),
  currency: z.string(),
  metadata: z.record(z.string(), z.string()),
});
const charge = z
  .object({
    object: z.literal('charge'),
    payment_intent: intentId,
    amount: z.int(),
    currency: z.string(),
    metadata: z.record(z.string(), z.string()),
  })
  .transform(({ payment_intent, ...rest }) => ({ ...rest, id: payment_intent }));
export function readWebhook(raw: Buffer, header: string | undefined, trust: Trust): ReadWebhook {
  if (header === undefined) return refused('the header Stripe-Signature is missing');
  if (header.length > LONGEST_HEADER) return refused('the header Stripe-Signature is too long');
  if (isOfTheFuture(header, trust.now)) return refused('the time stamp lies in the future');
  const signed = signedBody(raw, header, trust);
  if ('reason' in signed) return refused(signed.reason);
  const parsed = webhookEvent.safeParse(signed.body);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    return refused(faults.join('; '));
  }
  const { id, type, created, data } = parsed.data;
  const about = aboutOf(data.object);
  return { kind: 'event', event: { id, type, created: created * 1000, about } };
}

function isOfTheFuture(header: string, now: number): boolean {
  const stamps = [...header.matchAll(/(?:^|,)\s*t=(\d{1,12})/g)].map(([, t]) => Number(t));
  return stamps.some((seconds) => seconds > now / 1000 + TOLERANCE_SECONDS);
}

function signedBody(
  raw: Buffer,
  header: string,
  { secrets, now }: Trust,
): { body: unknown } | { reason: string } {
  const { webhooks } = Stripe;
  for (const secret of secrets) {
    try {
      const body = webhooks.constructEvent(raw, header, secret, TOLERANCE_SECONDS, undefined, now);
      return { body };
    } catch (error) {
      const unsigned = error instanceof Stripe.errors.StripeSignatureVerificationError;
      if (!unsigned) return { reason: 'the body is no event' };
    }
  }
  return { reason: 'the signature does not match, or is too old' };
}

function aboutOf(object: unknown): About | null {
  const parsed = z.union([paymentIntent, charge]).safeParse(object);
  if (!parsed.success) return null;
  const { id, amount, currency, metadata } = parsed.data;
  return {
    intentId: id,
    orderId: metadata['order_id'] ?? null,
    amount: String(amount),
    currency: currency.toUpperCase(),
  };
}

function refused(reason: string): ReadWebhook {
  return { kind: 'refused', reason };
}
