import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mean, median, percentile, ratios, spread } from './statistics.js';

const ten = [10, 1, 9, 2, 8, 3, 7, 4, 6, 5];

describe('mean', () => {
  test('is the sum shared out', () => expect(mean(ten)).toBe(5.5));
  test('of one value is that value', () => expect(mean([7])).toBe(7));
});

describe('percentile', () => {
  test.each([
    [0, 1],
    [10, 1],
    [11, 2],
    [50, 5],
    [51, 6],
    [99, 10],
    [100, 10],
  ])('%d of 1 to 10 is %d', (p, expected) => expect(percentile(ten, p)).toBe(expected));

  test('is a value that occurred, and that p percent do not exceed', () => {
    const values = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 100 }), (all, p) => {
        const found = percentile(all, p);
        expect(all).toContain(found);
        const notAbove = all.filter((value) => value <= found).length;
        expect(notAbove).toBeGreaterThanOrEqual((p / 100) * all.length);
      }),
    );
  });

  test('leaves the values in their order', () => {
    const values = [3, 1, 2];
    percentile(values, 50);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('median', () => {
  test('of three is the middle one', () => expect(median([30, 10, 20])).toBe(20));
  test('of four lies between the middle two', () => expect(median([4, 1, 3, 2])).toBe(2.5));
});

describe('a spread', () => {
  test('is the median between its quartiles', () => {
    expect(spread(ten)).toEqual({ lower: 3, median: 5.5, upper: 8 });
    expect(spread([4])).toEqual({ lower: 4, median: 4, upper: 4 });
  });
});

describe('ratios', () => {
  test('are taken pair by pair: a slow hour slows both sides', () => {
    const pairs = [
      { ours: 100, theirs: 200 },
      { ours: 10, theirs: 20 },
      { ours: 60, theirs: 100 },
    ];
    expect(ratios(pairs)).toEqual({ lower: 0.5, median: 0.5, upper: 0.6 });
  });
});

test.each([
  ['mean', () => mean([])],
  ['percentile', () => percentile([], 50)],
  ['median', () => median([])],
  ['spread', () => spread([])],
  ['ratios', () => ratios([])],
])('%s of nothing is an error, not a number', (_, ask) => {
  expect(ask).toThrow('no values');
});
