import { describe, expect, test } from 'vitest';
import { openLoop } from './open-loop.js';

describe('an open loop', () => {
  test('does not wait for answers, and counts from when a request was due', async () => {
    let open = 0;
    let most = 0;
    const sent = await openLoop({
      perSecond: 200,
      count: 40,
      send: async (n) => {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setTimeout(resolve, 50));
        open--;
        return n;
      },
    });
    expect(most).toBeGreaterThan(3);
    expect(sent.map(({ value }) => value)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    const dues = sent.map(({ dueAt }) => dueAt);
    for (const [n, due] of dues.entries()) expect(due - dues[0]!).toBeCloseTo(n * 5, 6);
    for (const { dueAt, answeredAt } of sent) expect(answeredAt - dueAt).toBeGreaterThan(48);
  });

  test('fails with the first request that fails', async () => {
    const send = (n: number) =>
      n === 2 ? Promise.reject(new Error('refused')) : Promise.resolve(n);
    await expect(openLoop({ perSecond: 1_000, count: 5, send })).rejects.toThrow('refused');
  });
});
