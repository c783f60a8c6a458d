import { describe, expect, it } from 'vitest';
import { zipf } from './zipf.js';

const DRAWS = 100_000;

/** Shares of products, from numbers that lie evenly between 0 and 1. */
function sharesOf(count: number, exponent: number): number[] {
  const product = zipf(count, exponent);
  const drawn = Array.from({ length: count }, () => 0);
  for (let n = 0; n < DRAWS; n++) drawn[product((n + 0.5) / DRAWS)]! += 1 / DRAWS;
  return drawn;
}

describe('what is wanted', () => {
  it('is the first of six products in 44 of 100, and the k-th 1/k^1.1 times as often', () => {
    const shares = sharesOf(6, 1.1);
    const [first = 0] = shares;
    expect(first).toBeCloseTo(0.436, 3);
    for (const [n, share] of shares.entries()) {
      expect(share / first).toBeCloseTo((n + 1) ** -1.1, 3);
    }
  });

  it('is each of a thousand products, the first in 18 of 100', () => {
    const shares = sharesOf(1_000, 1.1);
    expect(shares[0]).toBeCloseTo(0.18, 2);
    expect(Math.min(...shares)).toBeGreaterThan(0);
  });

  it('is each equally often, when popularity makes no difference', () => {
    for (const share of sharesOf(4, 0)) expect(share).toBeCloseTo(0.25, 4);
  });

  it.each([
    [0, 0],
    [1, 9],
  ])('is a product for %d, too', (uniform, product) => {
    expect(zipf(10, 1.1)(uniform)).toBe(product);
  });
});
