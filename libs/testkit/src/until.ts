import { setTimeout as pause } from 'node:timers/promises';

export interface Wait {
  /** What is waited for, in words: it is the message when it does not come. */
  readonly what: string;
  readonly withinMs: number;
  readonly everyMs?: number;
}

/**
 * Waits for a condition, never for a time. A question that throws (the server is just away) is
 * asked again; the last answer or error is part of the failure's message.
 */
export async function until<T>(
  wait: Wait,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const deadline = performance.now() + wait.withinMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`${wait.what}: not within ${wait.withinMs} ms`, { cause: last });
    }
    await pause(wait.everyMs ?? 50);
  }
}
