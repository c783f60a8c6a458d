import { useSyncExternalStore } from 'react';
import { cart } from './cart';
import { pause } from './clock';
import { newIdempotencyKey } from './ids';
import { alone } from './locks';
import { place, type OrderWish, type Outcome, type Placement, type World } from './placement';
import { sendOrder } from './send-order';
import { customerId } from './session';
import { stored } from './stored';

/** Where placing stands on this page; the promise itself is kept in placement.ts. */
export type Progress =
  | { readonly kind: 'idle' }
  | { readonly kind: 'placing'; readonly unanswered: number }
  | { readonly kind: 'refused'; readonly detail: string };

const IDLE: Progress = { kind: 'idle' };

const pending = stored<Placement | null>('checkout.placement', null, parsePlacement);
const listeners = new Set<() => void>();
let progress: Progress = IDLE;
let running: Promise<Outcome> | undefined;

function show(next: Progress): void {
  progress = next;
  listeners.forEach((listener) => listener());
}

export function useProgress(): Progress {
  return useSyncExternalStore(subscribe, () => progress);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function hasPendingPlacement(): boolean {
  return pending.get() !== null;
}

/**
 * A second call while one runs joins it. The wish is made under the lock: another tab may have
 * ordered the cart.
 */
export function placeOrder(wish: () => OrderWish | null): Promise<Outcome> {
  running ??= run(wish).finally(() => (running = undefined));
  return running;
}

async function run(wish: () => OrderWish | null): Promise<Outcome> {
  show({ kind: 'placing', unanswered: 0 });
  const outcome = await alone('checkout.placement', () => place(world, wish()));
  show(outcome.kind === 'refused' ? outcome : IDLE);
  return outcome;
}

const world: World = {
  pending: pending.get,
  keep: pending.set,
  emptyCart: () => cart.set([]),
  customerId,
  newKey: newIdempotencyKey,
  send: sendOrder,
  pause: pauseUnlessOnline,
  waiting: (unanswered) => show({ kind: 'placing', unanswered }),
};

/** The network coming back is the best moment to ask again. */
async function pauseUnlessOnline(milliseconds: number): Promise<void> {
  const online = new Promise<void>((resolve) =>
    addEventListener('online', () => resolve(), { once: true }),
  );
  await Promise.race([pause(milliseconds), online]);
}

function parsePlacement(value: unknown): Placement | undefined {
  const { key, customerId, body } = (value ?? {}) as Partial<Placement>;
  const whole = [key, customerId, body].every((field) => typeof field === 'string');
  return whole ? (value as Placement) : undefined;
}
