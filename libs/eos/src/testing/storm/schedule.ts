import { REQUESTS, type Moment } from '@checkout/local';
import fc from 'fast-check';

/**
 * Which process is struck when, and how: a function of the seed.
 *
 * Strikes come in decks. In each a process is killed at every request of the engine's loop, when it
 * is asked and when it is answered, and once at any time; and at a third of these moments a process
 * is frozen instead. Not promised: the same interleaving. The seed repeats the schedule, not the
 * accident.
 */
export interface Strike {
  readonly kind: 'kill' | 'pause';
  /** Null: at any time. */
  readonly moment: Moment | null;
  /** Counted from the first of those that are up and at work. */
  readonly victim: number;
  /** Before it, unless its moment says when. */
  readonly afterMs: number;
  /** Until the partitions have moved on since the strike before it. */
  readonly waits: boolean;
}

/** Made once, when a process has got its partition: it is struck while it takes its place. */
export const isOfTheStart = ({ request }: Moment): boolean =>
  request === 'InitProducerId' || request === 'OffsetFetch';

const moments: readonly (Moment | null)[] = [
  null,
  ...REQUESTS.flatMap((request) => [
    { request, stage: 'asked' as const },
    { request, stage: 'answered' as const },
  ]),
];
const PAUSES_A_DECK = moments.length / 3;
/** The longest time that a strike at any time waits for. */
const ANY_TIME_MS = 300;
/** Most strikes meet processes that have not come back from the last ones. */
const WAITS_ONE_IN = 4;

const shuffled = <T>(all: readonly T[], size: number) =>
  fc.shuffledSubarray([...all], { minLength: size, maxLength: size });

const circumstances = fc.record({
  victim: fc.nat({ max: 2 }),
  afterMs: fc.nat({ max: ANY_TIME_MS }),
  waits: fc.nat({ max: WAITS_ONE_IN - 1 }).map((drawn) => drawn === 0),
});

const deck = shuffled(moments, PAUSES_A_DECK)
  .chain((frozen) => {
    const cards = [
      ...moments.map((moment) => ({ kind: 'kill' as const, moment })),
      ...frozen.map((moment) => ({ kind: 'pause' as const, moment })),
    ];
    return fc.tuple(
      shuffled(cards, cards.length),
      fc.array(circumstances, { minLength: cards.length, maxLength: cards.length }),
    );
  })
  .map(([cards, drawn]) => cards.map((card, i) => ({ ...card, ...drawn[i]! }) satisfies Strike));

export function* strikes(seed: number): Generator<Strike, never> {
  for (let number = 0; ; number++) {
    for (const one of fc.sample(deck, { seed: seed + number, numRuns: 1 })) yield* one;
  }
}
