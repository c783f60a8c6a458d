import { setTimeout as pause } from 'node:timers/promises';
import type { Health, Log, Runner } from '@checkout/eos';

export interface LookOptions {
  readonly name: string;
  readonly everyMs: number;
  readonly log: Log;
  /** True: there may be more, look again at once. */
  look(): Promise<boolean>;
}

/**
 * Looks for work in the database as long as the service lives; each replica does.
 *
 * A look that fails is repeated like any other: what it looks for is still there.
 */
export class RepeatedLook implements Runner {
  readonly #options: LookOptions;
  readonly #stopping = new AbortController();
  #looking: Promise<void> = Promise.resolve();

  constructor(options: LookOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#looking = this.#lookOnAndOn();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#looking;
  }

  /** A database that does not answer is said by the service's own check. */
  health(): Health {
    return { ready: true, detail: `${this.#options.name}: looking` };
  }

  async #lookOnAndOn(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      if (await this.#look()) continue;
      await pause(this.#options.everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<boolean> {
    const { name, log, look } = this.#options;
    try {
      return await look();
    } catch (error) {
      log.warn({ err: error }, `${name}: this look failed, the next look tries again`);
      return false;
    }
  }
}
