import { untilDefinite, type KeyedRequest, type Network } from './keyed-request';
import type { Memory } from './memory';

/**
 * Cancelling an order: the wish is written down before it is sent, and sent until it is answered.
 *
 * Guarantee: a confirmed wish to cancel reaches the shop as one request (keyed-request.ts), across
 * reloads, restarts and lost answers.
 * Its key follows from the order's id instead of being drawn: an order is cancelled at most once
 * for ever, so every press in every tab, and in another browser too, is the same wish.
 * Not promised: that the order is cancelled. An answer says that the wish was noted; what becomes
 * of it, the order's own history tells.
 */
export interface Cancellation extends KeyedRequest {
  readonly orderId: string;
}

export interface World extends Network {
  change(next: (memory: Memory) => Memory): Promise<Memory>;
}

export type CancelOutcome =
  { readonly kind: 'requested' } | { readonly kind: 'refused'; readonly detail: string };

/** The customer has confirmed. Null: there is no session in whose name to ask. */
export async function cancel(world: World, orderId: string): Promise<CancelOutcome | null> {
  await world.change((memory) => remembered(memory, orderId));
  return finishCancellation(world, orderId);
}

/** Asks for what is written down; null when nothing is, or only in another customer's name. */
export async function finishCancellation(
  world: World,
  orderId: string,
): Promise<CancelOutcome | null> {
  const wish = cancellationOf(await world.change((memory) => memory), orderId);
  if (!wish) return null;
  const answer = await untilDefinite(world, wish);
  if (answer.kind === 'not-your-session') return null; // kept for its owner
  await world.change((before) => ({
    ...before,
    cancellations: before.cancellations.filter(
      (one) => one.key !== wish.key || one.customerId !== wish.customerId,
    ),
  }));
  return answer.kind === 'refused' ? answer : { kind: 'requested' };
}

/** The wish of this customer that has no definite answer yet. */
function cancellationOf(memory: Memory, orderId: string): Cancellation | null {
  return pendingCancellations(memory).find((one) => one.orderId === orderId) ?? null;
}

export function pendingCancellations(memory: Memory): readonly Cancellation[] {
  return memory.cancellations.filter(({ customerId }) => customerId === memory.customerId);
}

function remembered(memory: Memory, orderId: string): Memory {
  const { customerId } = memory;
  if (customerId === null || cancellationOf(memory, orderId)) return memory;
  const path = `/api/orders/${orderId}/cancel`;
  const wish: Cancellation = { orderId, customerId, path, key: `cancel-${orderId}`, body: '' };
  return { ...memory, cancellations: [...memory.cancellations, wish] };
}
