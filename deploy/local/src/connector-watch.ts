/**
 * Starts failed connector tasks again.
 *
 * Connect never does: a task that has FAILED (the database was away for too long, a batch was
 * refused) stays so until somebody asks for a restart. A fault that lasts is tried at growing
 * distances and reported once with its cause.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectRest } from './connect-rest.ts';
import type { Surroundings } from './part.ts';

const LOOK_EVERY_MS = 2_000;
/** Waits before the first, second, … restart in a row of one connector. */
const BACKOFF_MS = [0, 1_000, 2_000, 5_000];

interface Trouble {
  restarts: number;
  nextAt: number;
  cause: string;
}

export function watchConnectors(rest: ConnectRest, { report, signal }: Surroundings): void {
  const troubles = new Map<string, Trouble>();
  const look = async (): Promise<void> => {
    for (const { name, running, failure } of await rest.statuses()) {
      const trouble = troubles.get(name);
      if (running && trouble && performance.now() > trouble.nextAt + LOOK_EVERY_MS) {
        report(`connector ${name} runs again`);
        troubles.delete(name);
      }
      if (failure !== undefined) await restart(name, failure);
    }
  };
  const restart = async (name: string, cause: string): Promise<void> => {
    const trouble = troubles.get(name) ?? { restarts: 0, nextAt: 0, cause: '' };
    troubles.set(name, trouble);
    if (trouble.cause !== cause) report(`connector ${name} failed and is restarted: ${cause}`);
    trouble.cause = cause;
    if (performance.now() < trouble.nextAt) return;
    await rest.restartFailed(name);
    trouble.restarts++;
    const wait = BACKOFF_MS[Math.min(trouble.restarts, BACKOFF_MS.length - 1)] ?? 0;
    trouble.nextAt = performance.now() + wait;
  };
  void (async () => {
    while (!signal.aborted) {
      // Connect itself may be down just now: the supervisor says so, this looks again.
      await look().catch(() => undefined);
      await sleep(LOOK_EVERY_MS, undefined, { ref: false });
    }
  })();
}
