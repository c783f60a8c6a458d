import { expect, it } from 'vitest';
import { restAfter } from './onlooker.js';

it('looks again soon when a database was frozen, and seldom when there is much to read', () => {
  expect(restAfter({ ended: false, tookMs: 10_000 })).toBe(2_000);
  expect(restAfter({ ended: true, tookMs: 10_000 })).toBe(90_000);
  expect(restAfter({ ended: true, tookMs: 100 })).toBe(2_000);
});
