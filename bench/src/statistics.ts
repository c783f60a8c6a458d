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

function filled(values: readonly number[]): readonly number[] {
  if (values.length === 0) throw new Error('no values: there is nothing to say about them');
  return values;
}
