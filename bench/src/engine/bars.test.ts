import { expect, test } from 'vitest';
import { held } from './bars.js';

const bar = { title: 'a ratio', ours: [8, 9, 10], theirs: [10, 10, 10] };

test('a bar holds by the median of the ratios, round by round', () => {
  expect(held({ ...bar, atLeast: 0.9 })).toMatchObject({ ratio: 0.9, verdict: 'PASS' });
  expect(held({ ...bar, atLeast: 0.91 })).toMatchObject({ bar: '≥ 0.91', verdict: 'MISSED' });
  expect(held({ ...bar, atMost: 0.9 })).toMatchObject({ verdict: 'PASS' });
  expect(held({ ...bar, atMost: 0.89 })).toMatchObject({ bar: '≤ 0.89', verdict: 'MISSED' });
});

test('a bar of which a figure is missing does not hold', () => {
  const missing = { ...bar, theirs: [10, Number.NaN, Number.NaN] };
  expect(held({ ...missing, atMost: 2 }).verdict).toBe('MISSED');
});

test('a bar without figures is none', () => {
  expect(() => held({ title: 'none', ours: [], theirs: [], atMost: 1 })).toThrow('no values');
});
