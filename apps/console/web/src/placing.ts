import { now, pauseUnlessOnline } from './clock';
import { newIdempotencyKey } from './ids';
import { alone } from './locks';
import { changeMemory, readMemory } from './memory-store';
import { observed, useObserved } from './observed';
import { place, type Outcome, type Press, type World } from './placement';
import { sendKeyed } from './send-keyed';

/** Where placing stands on this page; the promise itself is kept in placement.ts. */
export type Progress =
  { readonly kind: 'idle' } | { readonly kind: 'placing'; readonly unanswered: number } | Outcome;

const IDLE: Progress = { kind: 'idle' };

const progress = observed<Progress>(IDLE);
let running: Promise<Outcome | null> | undefined;

export function useProgress(): Progress {
  return useObserved(progress);
}

/** The reader has read how it ended. */
export function forgetOutcome(): void {
  if (progress.get().kind !== 'placing') progress.set(IDLE);
}

/** A second call while one runs joins it. */
export function placeOrder(wish: Press['wish']): Promise<Outcome | null> {
  running ??= run(wish).finally(() => (running = undefined));
  return running;
}

/** Places what an earlier page left without an answer, if anything. */
export function finishPlacing(): Promise<Outcome | null> {
  return placeOrder(() => null);
}

/** One tab sends at a time; who waits for the lock finds out how it ended. */
async function run(wish: Press['wish']): Promise<Outcome | null> {
  progress.set({ kind: 'placing', unanswered: 0 });
  try {
    const seen = (await readMemory()).settled?.request.key ?? null;
    const outcome = await alone('checkout.placement', () => place(world, { wish, seen }));
    progress.set(outcome ?? IDLE);
    return outcome;
  } catch (error) {
    progress.set(NO_STORAGE);
    throw error;
  }
}

const world: World = {
  change: changeMemory,
  newKey: newIdempotencyKey,
  now,
  send: sendKeyed,
  pause: pauseUnlessOnline,
  waiting: (unanswered) => progress.set({ kind: 'placing', unanswered }),
};

const NO_STORAGE: Outcome = {
  kind: 'refused',
  detail:
    'Your browser does not let this page keep the order’s key on the disk, and without it a ' +
    'second order could not be ruled out. See “Your orders” before you try again.',
};
