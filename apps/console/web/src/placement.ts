import type { Money } from '@checkout/money';
import { putBack, type CartLine } from './cart';
import {
  untilDefinite,
  type DefiniteAnswer,
  type KeyedRequest,
  type Network,
} from './keyed-request';
import type { Memory } from './memory';

/**
 * Placing an order: one press, one key, one order, whatever the network and the reader do.
 *
 * Guarantee: the cart becomes one request (keyed-request.ts) in one change of the browser's memory,
 * before anything is sent, and that request is the only one until its answer is definite.
 * Failure stories:
 *   1. Two quick clicks. The first turns the cart into a request; the second finds it and joins.
 *   2. The page is reloaded, or the browser killed, while the request is on its way. Key and body
 *      are on the disk; the next page sends them again and gets the answer of the first request.
 *   3. Two tabs. One customer has one cart and one wish at a time: whichever tab presses first
 *      places, the other joins it and ends at the same order, or at the same refusal.
 *   4. Something is put into the cart while the answer is outstanding. The ordered lines have left
 *      the cart already, so it belongs to the next order, and is not lost with this one.
 *   5. Refused: the lines come back, in the same change that drops the key.
 *   6. The session ended and the new one is another customer's. The lines come back for whoever
 *      shops now; the key stays with its owner, and is finished when he returns.
 *   7. The answer is outstanding for longer than the server surely remembers the key. Sent again it
 *      could be a second order, so it is not: the reader is told to look.
 * Not promised: a reader who clears the site's data while the answer is outstanding loses the key,
 * and with it the proof that a second press is the same wish.
 */
export interface Placement extends KeyedRequest {
  /** What goes back into the cart when the answer is a refusal. */
  readonly lines: readonly CartLine[];
  /** Milliseconds since the epoch. */
  readonly madeAt: number;
}

export interface OrderWish {
  readonly lines: readonly CartLine[];
  readonly paymentMethod: string;
  readonly expectedTotal: Money;
}

export type Outcome =
  | { readonly kind: 'placed'; readonly orderId: string }
  | { readonly kind: 'refused'; readonly detail: string };

export interface Settled {
  readonly request: Placement;
  readonly outcome: Outcome;
}

/** What placing needs of the world, so that a test can play storage, network and death. */
export interface World extends Network {
  /** All or nothing, on the disk when it resolves, in one order for all tabs. */
  change(next: (memory: Memory) => Memory): Promise<Memory>;
  newKey(): string;
  now(): number;
}

export interface Press {
  /** What the cart is to become; null when it cannot be ordered, or nobody pressed. */
  readonly wish: (cart: readonly CartLine[]) => OrderWish | null;
  /** The key of the settled placement that the presser had seen: a later one is his as well. */
  readonly seen: string | null;
}

/** The server keeps keys for three days; clocks may differ, and its word may come late. */
const KEY_IS_GOOD_FOR_MS = 24 * 60 * 60 * 1000;

/** Continues what is pending; else begins what is wished, if anything is. Null: nothing to do. */
export async function place(world: World, press: Press): Promise<Outcome | null> {
  const key = world.newKey();
  const madeAt = world.now();
  let lost = false;
  const memory = await world.change((before) => {
    const kept = linesBack(before);
    lost = kept !== before;
    if (lost || pendingOf(kept) || joined(kept, press)) return kept;
    return begun(kept, press, { key, madeAt });
  });
  if (lost) return SESSION_ENDED;
  const placement = pendingOf(memory);
  if (!placement) return joined(memory, press);
  if (!keyIsGood(placement, madeAt)) return settle(world, placement, KEY_TOO_OLD);
  const answer = await untilDefinite(world, placement);
  if (answer.kind !== 'not-your-session') return settle(world, placement, outcomeOf(answer));
  await world.change(linesBack);
  return SESSION_ENDED;
}

/** Sent again, it is surely known. */
export function keyIsGood({ madeAt }: Placement, now: number): boolean {
  return now - madeAt <= KEY_IS_GOOD_FOR_MS;
}

/** The order of this customer that has no definite answer yet. */
export function pendingOf(memory: Memory): Placement | null {
  return memory.placements.find(({ customerId }) => customerId === memory.customerId) ?? null;
}

function joined({ settled, customerId }: Memory, { seen }: Press): Outcome | null {
  if (!settled || settled.request.key === seen) return null;
  return settled.request.customerId === customerId ? settled.outcome : null;
}

function begun(memory: Memory, press: Press, made: { key: string; madeAt: number }): Memory {
  const wish = press.wish(memory.cart);
  if (!wish || wish.lines.length === 0 || memory.customerId === null) return memory;
  const { customerId } = memory;
  const request = { ...made, customerId, path: '/api/orders', body: JSON.stringify(wish) };
  const placement = { ...request, lines: wish.lines };
  return { ...memory, cart: [], placements: [...memory.placements, placement] };
}

async function settle(world: World, placement: Placement, outcome: Outcome): Promise<Outcome> {
  await world.change((memory) => {
    const mine = memory.placements.find(({ key }) => key === placement.key);
    if (!mine) return memory; // another tab got the same answer first
    const placements = memory.placements.filter((one) => one !== mine);
    const cart = outcome.kind === 'placed' ? memory.cart : putBack(mine.lines, memory.cart);
    return { ...memory, cart, placements, settled: { request: mine, outcome } };
  });
  return outcome;
}

/** Lines of a request that this session cannot finish go back; the same memory when none is. */
function linesBack(memory: Memory): Memory {
  const orphaned = memory.placements.filter(
    ({ customerId, lines }) => customerId !== memory.customerId && lines.length > 0,
  );
  if (orphaned.length === 0) return memory;
  const cart = orphaned.reduce((lines, one) => putBack(one.lines, lines), memory.cart);
  const placements = memory.placements.map((one) =>
    orphaned.includes(one) ? { ...one, lines: [] } : one,
  );
  return { ...memory, cart, placements };
}

function outcomeOf(answer: Exclude<DefiniteAnswer, { kind: 'not-your-session' }>): Outcome {
  return answer.kind === 'refused'
    ? answer
    : { kind: 'placed', orderId: (answer.body as { id: string }).id };
}

const SESSION_ENDED: Outcome = {
  kind: 'refused',
  detail:
    'Your session ended before the shop answered. That order may have gone through; it was not ' +
    'sent again in another name. Your cart is as it was.',
};

const KEY_TOO_OLD: Outcome = {
  kind: 'refused',
  detail:
    'The shop never answered your last order, and by now it may have forgotten the key that ' +
    'protects you from a second one. It was not sent again: see “Your orders” before you do.',
};
