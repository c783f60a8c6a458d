import { ratios } from '../statistics.js';

/** What must hold, as a ratio of ours to another side, round by round. */
export interface Bar {
  readonly title: string;
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface Held {
  readonly title: string;
  readonly bar: string;
  readonly ratio: number;
  readonly quartiles: string;
  readonly verdict: 'PASS' | 'MISSED';
}

export function held({ title, ours, theirs, atLeast, atMost }: Bar): Held {
  const pairs = ours.map((value, n) => ({ ours: value, theirs: theirs[n] ?? Number.NaN }));
  const { lower, median, upper } = ratios(pairs);
  const isHeld = median >= (atLeast ?? 0) && median <= (atMost ?? Infinity);
  return {
    title,
    bar: atLeast === undefined ? `≤ ${atMost?.toFixed(2)}` : `≥ ${atLeast.toFixed(2)}`,
    ratio: median,
    quartiles: `${lower.toFixed(2)} - ${upper.toFixed(2)}`,
    verdict: isHeld ? 'PASS' : 'MISSED',
  };
}
