import type { Random } from './random.js';

/**
 * Which faults strike, in which order: a function of the seed.
 *
 * Faults come in decks. A deck holds each kind of fault for each process once, shuffled, so that a
 * run of whole decks has struck everything in every way, and no two seeds in the same order.
 * Not promised: the same interleaving. A real broker and real processes take their own time; the
 * seed repeats the schedule, not the accident.
 */
export type Fault =
  | { readonly kind: 'kill'; readonly target: Target; readonly waits: boolean }
  | {
      readonly kind: 'pause';
      readonly target: Target;
      readonly waits: boolean;
      readonly milliseconds: number;
    };

/**
 * How long each process is frozen, in milliseconds: the shorter or the longer, and what that
 * outlasts. In each deck half of the consumers are frozen past their session.
 */
const PAUSES = {
  // 10 s: an open Kafka transaction is aborted. 15 s: the partitions are taken away.
  enrichment: [12_000, 17_000],
  ledger: [12_000, 17_000],
  payment: [2_000, 17_000],
  order: [2_000, 17_000],
  console: [1_000, 3_000],
  // 8 s: the payment service gives a call up.
  'gateway-simulator': [2_000, 9_000],
  // 3 s: session and Kafka transaction of the worker.
  connect: [2_000, 5_000],
  // 2 s: its registration with the controller; 10 s: every request of every client.
  broker: [3_000, 11_000],
  // 5 s: the replication connections.
  postgres: [2_000, 7_000],
} as const satisfies Record<string, readonly [number, number]>;

export type Target = keyof typeof PAUSES;
export const targets = Object.keys(PAUSES) as readonly Target[];
/** Those that own partitions for as long as their session. */
const consumers: readonly Target[] = ['enrichment', 'ledger', 'payment', 'order'];
const others = targets.filter((target) => !consumers.includes(target));
export const kinds = ['kill', 'pause'] as const;
export const DECK = targets.length * kinds.length;

/** In a hundred: faults that do not wait until the system has recovered from the one before. */
const AT_ONCE = 40;

export function* faults(random: Random): Generator<Fault, never> {
  for (;;) yield* deck(random);
}

function deck(random: Random): Fault[] {
  const cards = targets.flatMap((target) => kinds.map((kind) => ({ kind, target })));
  const frozenLong = new Set([...half(random, consumers), ...half(random, others)]);
  return random.shuffled(cards).map(({ kind, target }) => {
    const waits = !random.percent(AT_ONCE);
    if (kind === 'kill') return { kind, target, waits };
    const [short, long] = PAUSES[target];
    return { kind, target, waits, milliseconds: frozenLong.has(target) ? long : short };
  });
}

function half(random: Random, of: readonly Target[]): Target[] {
  return random.shuffled(of).slice(0, of.length / 2);
}
