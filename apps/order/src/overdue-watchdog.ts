import { setTimeout as pause } from 'node:timers/promises';
import type { Health, Log, Runner } from '@checkout/eos';
import type { DataSource } from 'typeorm';
import { tellOverdue } from './tell-overdue.handler.js';

/** A second more or less on a minute is nobody's concern, and a look costs an empty index scan. */
const LOOK_EVERY_MS = 1_000;
/** After a long standstill many are late at once: no database transaction becomes a huge one. */
const AT_ONCE = 200;

export interface WatchdogOptions {
  readonly dataSource: DataSource;
  readonly afterMs: number;
  readonly log: Log;
}

/**
 * Looks for overdue orders as long as the service lives; each replica does.
 *
 * A look that fails is repeated like any other: the orders are still there.
 */
export class OverdueWatchdog implements Runner {
  readonly #options: WatchdogOptions;
  readonly #stopping = new AbortController();
  #watching: Promise<void> = Promise.resolve();

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#watching = this.#watch();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#watching;
  }

  /** A database that does not answer is said by the service's own check. */
  health(): Health {
    return { ready: true, detail: 'watchdog: looking' };
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const told = await this.#look();
      if (told < AT_ONCE) await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<number> {
    const { dataSource, afterMs, log } = this.#options;
    try {
      const told = await dataSource.transaction((tx) =>
        tellOverdue(tx, { afterMs, atMost: AT_ONCE }),
      );
      for (const order of told) log.warn({ order, afterMs }, 'nobody has decided it in time');
      return told.length;
    } catch (error) {
      log.warn({ err: error }, 'overdue orders could not be looked for, the next look tries again');
      return 0;
    }
  }
}
