/**
 * The few figures that are printed, each over at least one value: no figure comes out of nothing.
 */

export function mean(values: readonly number[]): number {
  return filled(values).reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Nearest rank: a value that really occurred, the smallest that at least p percent do not exceed.
 */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...filled(values)].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((p / 100) * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** Of an even number of values the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...filled(values)].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  if (!Number.isInteger(middle)) return upper;
  return ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export interface Spread {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

/** Median and quartiles: how far apart runs lie on a machine that is never quite the same. */
export function spread(values: readonly number[]): Spread {
  const [lower, upper] = [percentile(values, 25), percentile(values, 75)];
  return { lower, median: median(values), upper };
}

/** One side of a comparison and, at the same moment, the other. */
export interface Pair {
  readonly ours: number;
  readonly theirs: number;
}

/**
 * Pair by pair, and only then the median: each pair met the machine in the same mood, while a
 * median of either side alone may come from another hour.
 */
export function ratios(pairs: readonly Pair[]): Spread {
  return spread(pairs.map(({ ours, theirs }) => ours / theirs));
}

function filled(values: readonly number[]): readonly number[] {
  if (values.length === 0) throw new Error('no values: there is nothing to say about them');
  return values;
}
