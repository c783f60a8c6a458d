import { describe, expect, test } from 'vitest';
import { assertTiming, backOffMs } from './timing.js';

test('the durations fit together', () => {
  expect(assertTiming).not.toThrow();
});

describe('the pause before the next try', () => {
  test.each([
    [0, 0, 100],
    [0, 1, 200],
    [1, 0, 200],
    [3, 0.5, 1_200],
    [20, 1, 30_000],
    [1_000, 0, 15_000],
  ])('after %i tries, with chance %d: %i ms', (tries, random, ms) => {
    expect(backOffMs(tries, random)).toBe(ms);
  });
});
