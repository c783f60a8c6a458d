/**
 * What is wanted, as in shops: the k-th of `count` products is wanted 1/k^exponent times as often
 * as the first. Gives for a number from 0 to 1, drawn evenly, a product, counted from 0.
 */
export function zipf(count: number, exponent: number): (uniform: number) => number {
  const weights = Array.from({ length: count }, (_, n) => (n + 1) ** -exponent);
  const upTo: number[] = [];
  for (const weight of weights) upTo.push((upTo.at(-1) ?? 0) + weight);
  const whole = upTo.at(-1) ?? 0;
  return (uniform) => firstAbove(upTo, uniform * whole);
}

/** The last one, where there is none: sums of fractions are not exact. */
function firstAbove(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((ascending[middle] ?? Infinity) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
