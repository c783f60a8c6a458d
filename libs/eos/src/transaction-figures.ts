import type { Outcome } from './session.js';

/** What a runner's Kafka transactions have come to in this life of the process. */
export interface TransactionFigures {
  readonly group: string;
  /** Decided, and not known to have ended: one a partition at most. */
  readonly open: number;
  /** How long the oldest of them has been open; 0 when there is none. */
  readonly oldestOpenMs: number;
  readonly ended: Readonly<Record<Outcome['kind'], number>>;
  /** Read in the committed ones. */
  readonly records: number;
}

/** Counts; it decides nothing. */
export class TransactionCounters {
  readonly #openSince = new Map<string, number>();
  readonly #ended = { committed: 0, aborted: 0, fenced: 0, unknown: 0 };
  #records = 0;

  began(partition: string): void {
    this.#openSince.set(partition, performance.now());
  }

  ended(partition: string, { outcome, records }: { outcome: Outcome['kind']; records: number }) {
    this.#openSince.delete(partition);
    this.#ended[outcome] += 1;
    if (outcome === 'committed') this.#records += records;
  }

  figures(group: string): TransactionFigures {
    const since = [...this.#openSince.values()];
    const oldest = Math.min(performance.now(), ...since);
    return {
      group,
      open: since.length,
      oldestOpenMs: since.length === 0 ? 0 : performance.now() - oldest,
      ended: { ...this.#ended },
      records: this.#records,
    };
  }
}
