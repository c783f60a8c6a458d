import {
  cancel,
  finishCancellation,
  pendingCancellations,
  type CancelOutcome,
} from './cancellation';
import { pauseUnlessOnline } from './clock';
import { alone } from './locks';
import { changeMemory, readMemory } from './memory-store';
import { observed, useObserved } from './observed';
import { sendKeyed } from './send-keyed';

/** Where cancelling stands on this page; the promise itself is kept in cancellation.ts. */
export type Cancelling = { readonly kind: 'asking'; readonly unanswered: number } | CancelOutcome;

const byOrder = observed<ReadonlyMap<string, Cancelling>>(new Map());

export function useCancelling(orderId: string): Cancelling | null {
  return useObserved(byOrder).get(orderId) ?? null;
}

function show(orderId: string, news: Cancelling | null): void {
  const next = new Map(byOrder.get());
  if (news) next.set(orderId, news);
  else next.delete(orderId);
  byOrder.set(next);
}

export function cancelOrder(orderId: string): Promise<void> {
  return run(orderId, cancel);
}

/** Asks for what an earlier page, or another tab, left without an answer; tells how many. */
export async function finishCancelling(): Promise<number> {
  const wishes = pendingCancellations(await readMemory());
  await Promise.all(wishes.map(({ orderId }) => run(orderId, finishCancellation)));
  return wishes.length;
}

const running = new Map<string, Promise<void>>();

/** A second call for an order while one runs joins it. */
function run(orderId: string, ask: typeof cancel): Promise<void> {
  const joined = running.get(orderId);
  if (joined) return joined;
  const asking = inTurn(orderId, ask).finally(() => running.delete(orderId));
  running.set(orderId, asking);
  return asking;
}

/** One tab at a time asks for one order. */
async function inTurn(orderId: string, ask: typeof cancel): Promise<void> {
  show(orderId, { kind: 'asking', unanswered: 0 });
  const world = {
    change: changeMemory,
    send: sendKeyed,
    pause: pauseUnlessOnline,
    waiting: (unanswered: number) => show(orderId, { kind: 'asking', unanswered }),
  };
  try {
    show(orderId, await alone(`checkout.cancel.${orderId}`, () => ask(world, orderId)));
  } catch (error) {
    show(orderId, NO_STORAGE);
    throw error;
  }
}

const NO_STORAGE: CancelOutcome = {
  kind: 'refused',
  detail: 'Your browser does not let this page write down your wish, so it was not sent.',
};
