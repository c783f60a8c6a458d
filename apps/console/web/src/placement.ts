import type { CartLine, Money } from './types';

/**
 * Placing an order: one key, one order, whatever the network and the reader do.
 *
 * Guarantee: from the press of "Place order" to a definite answer, every request carries the same
 * idempotency key and the same bytes, so that the order service makes one order of them.
 * Failure stories:
 *   1. Two quick clicks. The first one writes the key down before it sends anything; the second
 *      finds it and joins.
 *   2. The page is reloaded, or the browser dies, while the request is on its way. The key and the
 *      body are in localStorage; the next page sends them again and gets the answer of the first
 *      request.
 *   3. The answer is lost, or is a 5xx that may hide a made order. Sent again with the same key
 *      until an answer is definite: 201, or a refusal after which no order can come from this key.
 *   4. Two tabs. One lock lets one tab place at a time; the other then finds the cart empty.
 *   5. The browser dies between the answer and the clean-up. The cart is emptied before the key is
 *      dropped, so the next page asks again with the key and gets the same order, not a cart that
 *      invites a second one.
 * Not promised: a reader who clears the site's data while the answer is outstanding loses the key,
 * and with it the proof that a second press is the same wish.
 */
export interface Placement {
  readonly key: string;
  /** Keys are scoped to a customer: under another one the same key would make another order. */
  readonly customerId: string;
  /** The frozen bytes. */
  readonly body: string;
}

export interface OrderWish {
  readonly lines: readonly CartLine[];
  readonly paymentMethod: string;
  readonly expectedTotal: Money;
}

export type Answer =
  | { readonly kind: 'placed'; readonly orderId: string }
  | { readonly kind: 'refused'; readonly detail: string }
  /** Nobody can say yet whether there is an order. */
  | { readonly kind: 'unknown'; readonly retryAfterMs?: number };

/** What placing needs of the world, so that a test can play the network and the browser's death. */
export interface World {
  pending(): Placement | null;
  keep(placement: Placement | null): void;
  emptyCart(): void;
  customerId(): string | null;
  newKey(): string;
  send(placement: Placement): Promise<Answer>;
  pause(milliseconds: number): Promise<void>;
  /** Tells the reader that there is no answer yet. */
  waiting(sendings: number): void;
}

export type DefiniteAnswer = Exclude<Answer, { kind: 'unknown' }>;
export type Outcome = DefiniteAnswer | { readonly kind: 'nothing-to-do' };

/**
 * First pause after an unknown answer; doubles up to the longest. A person watches, so both are
 * short.
 */
const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 5_000;

/** Continues what is pending; else begins what is wished, if anything is. */
export async function place(world: World, wish: OrderWish | null): Promise<Outcome> {
  const placement = world.pending() ?? begin(world, wish);
  if (!placement) return { kind: 'nothing-to-do' };
  const answer = await untilDefinite(world, placement);
  if (answer.kind === 'placed') world.emptyCart();
  world.keep(null);
  return answer;
}

function begin(world: World, wish: OrderWish | null): Placement | null {
  const customerId = world.customerId();
  if (!wish || wish.lines.length === 0 || customerId === null) return null;
  const placement = { key: world.newKey(), customerId, body: JSON.stringify(wish) };
  world.keep(placement);
  return placement;
}

async function untilDefinite(world: World, placement: Placement): Promise<DefiniteAnswer> {
  let pauseMs = FIRST_PAUSE_MS;
  for (let sendings = 1; ; sendings++) {
    if (placement.customerId !== world.customerId()) return SESSION_LOST;
    const answer = await world.send(placement);
    if (answer.kind !== 'unknown') return answer;
    world.waiting(sendings);
    await world.pause(answer.retryAfterMs ?? pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

/**
 * The right to ask is gone with the session: under another customer a repeat would be a new order
 * of someone else.
 */
const SESSION_LOST: DefiniteAnswer = {
  kind: 'refused',
  detail:
    'Your session ended before the shop answered. The order may have gone through; ' +
    'it was not sent again.',
};
