/**
 * How much one Kafka transaction holds of what a fetch has brought.
 *
 * All of it, when little has come: an idle partition commits each record at once. Under load a
 * fetch brings more, and a Kafka transaction grows with it, up to bounds in records, bytes and
 * time. After one that failed the next holds half as much, so that what was too much for a slow
 * broker is not tried again as it was; after a success twice as much.
 *
 * Guarantee: one record at least, whatever it costs, and always the first ones: order is kept.
 */
import type { Plan } from './plan.js';
import type { ReadRecord } from './read.js';
import type { Settings } from './settings.js';

type Bounds = Pick<Settings, 'recordsPerTransaction' | 'transactionBytes' | 'decideMs'>;

export class Portions {
  readonly #bounds: Bounds;
  #records: number;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
    this.#records = bounds.recordsPerTransaction;
  }

  /** Planning has no effect, so that what has become too large is planned again, half of it. */
  first(given: readonly ReadRecord[], plan: (some: Iterable<ReadRecord>) => Plan): Plan {
    let records = this.#records;
    for (;;) {
      const planned = plan(this.#inTime(given.slice(0, records)));
      const isSmall = planned.bytes <= this.#bounds.transactionBytes;
      if (isSmall || planned.taken.length <= 1) return planned;
      records = Math.ceil(planned.taken.length / 2);
    }
  }

  committed(): void {
    this.#records = Math.min(this.#records * 2, this.#bounds.recordsPerTransaction);
  }

  failed(): void {
    this.#records = Math.max(Math.floor(this.#records / 2), 1);
  }

  /** The broker would never take one of them: which, shows when each is alone. */
  refused(): void {
    this.#records = 1;
  }

  /** What is pulled from here is decided on before the next one is. */
  *#inTime(given: readonly ReadRecord[]): Generator<ReadRecord, void, void> {
    const until = performance.now() + this.#bounds.decideMs;
    for (const record of given) {
      yield record;
      if (performance.now() > until) return;
    }
  }
}
