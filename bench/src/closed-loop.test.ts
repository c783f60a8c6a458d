import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { closedLoop } from './closed-loop.js';

describe('a closed loop', () => {
  test('has as many on their way as it was told, and waits for each before the next', async () => {
    let open = 0;
    let most = 0;
    let sent = 0;
    const { values, seconds } = await closedLoop({
      concurrency: 4,
      seconds: 0.2,
      async send() {
        const n = (sent += 1);
        most = Math.max(most, (open += 1));
        await pause(5);
        open -= 1;
        return n;
      },
    });
    expect(most).toBe(4);
    expect(open).toBe(0);
    expect(values).toHaveLength(sent);
    expect(values.toSorted((a, b) => a - b)).toEqual(values.map((_, n) => n + 1));
    expect(seconds).toBeGreaterThanOrEqual(0.2);
  });

  test('counts the time until the last answer', async () => {
    const { values, seconds } = await closedLoop({
      concurrency: 1,
      seconds: 0.01,
      send: () => pause(100),
    });
    expect(values).toHaveLength(1);
    expect(seconds).toBeGreaterThan(0.09);
  });

  test('fails with the first request that fails', async () => {
    const send = () => Promise.reject(new Error('refused'));
    await expect(closedLoop({ concurrency: 2, seconds: 1, send })).rejects.toThrow('refused');
  });
});
