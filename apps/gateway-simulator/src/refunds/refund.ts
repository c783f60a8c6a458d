/**
 * What a refund may be, as pure rules (docs.stripe.com/api/refunds/create): of a charge that
 * succeeded, whole or in parts, and never more in all than was captured.
 */
export interface Refund {
  readonly id: string;
  readonly charge: string;
  readonly paymentIntent: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: 'succeeded';
  readonly reason: string | null;
  readonly balanceTransaction: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly created: Date;
}

/** What a request to refund comes to. Refusals are values: none of them throws. */
export type Refunding =
  | { readonly kind: 'refund'; readonly amount: number }
  | { readonly kind: 'nothing-left' }
  | { readonly kind: 'too-much'; readonly left: number };

/** `asked` is null for "whatever is left". */
export function refundable(
  charge: { readonly amount: number; readonly amountRefunded: number },
  asked: number | null,
): Refunding {
  const left = charge.amount - charge.amountRefunded;
  if (left <= 0) return { kind: 'nothing-left' };
  const amount = asked ?? left;
  return amount <= left ? { kind: 'refund', amount } : { kind: 'too-much', left };
}
