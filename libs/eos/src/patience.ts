import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from './settings.js';

type Pauses = Pick<Settings, 'firstPauseMs' | 'longestPauseMs' | 'patienceMs'>;

/** Growing pauses between tries, and an end: nothing is tried for ever without a success. */
export class Patience {
  readonly #pauses: Pauses;
  readonly #signal: AbortSignal;
  #pauseMs: number;
  #failingSince: number | null = null;

  constructor(pauses: Pauses, signal: AbortSignal) {
    this.#pauses = pauses;
    this.#signal = signal;
    this.#pauseMs = pauses.firstPauseMs;
  }

  /** Call after a failure. False when it has gone on for too long; returns early when stopped. */
  async lasts(): Promise<boolean> {
    this.#failingSince ??= performance.now();
    if (performance.now() - this.#failingSince > this.#pauses.patienceMs) return false;
    await sleep(this.#pauseMs, undefined, { signal: this.#signal }).catch(() => undefined);
    this.#pauseMs = Math.min(this.#pauseMs * 2, this.#pauses.longestPauseMs);
    return true;
  }

  succeeded(): void {
    this.#failingSince = null;
    this.#pauseMs = this.#pauses.firstPauseMs;
  }
}

/** True when the work ended in time; the work itself goes on otherwise. */
export async function endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(ms, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    timer.abort();
  }
}
