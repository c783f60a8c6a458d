/**
 * Hands the batches that kafkajs pushes to the loop that pulls them, one at a time, from the offset
 * that the loop names.
 *
 * Guarantee: the loop sees every committed record from its position on, once and in order.
 * Threat: kafkajs reads the committed offset itself, when it joins the group and before anybody
 * could fence, so its first batch may start too early or too late; and after a rejoin or a moved
 * leader it may hand out again what is already committed. So its start is never trusted: a batch
 * that does not begin at the position is dropped and kafkajs is told where to go.
 */
import { Rejoin } from './kafka-errors.js';
import type { FetchedBatch, ReadRecord } from './read.js';
import { RetryError } from './verdicts.js';

export type Delivered = 'processed' | 'dropped';

/** What goes into one Kafka transaction. */
export interface Chunk {
  readonly records: readonly ReadRecord[];
  /** The offset to commit with it. */
  readonly end: bigint;
}

interface Delivery {
  readonly batch: FetchedBatch;
  settle(result: Delivered): void;
  fail(error: Error): void;
}

export class BatchFeed {
  readonly #seek: (offset: bigint) => void;
  readonly #maxRecords: number;
  readonly #waiting: Delivery[] = [];
  #wake: (() => void) | null = null;
  #state: 'open' | 'fenced' | 'closed' = 'open';
  /** Whether kafkajs has started where it was told since it last joined. */
  #aligned = false;

  constructor(options: { seek(offset: bigint): void; maxRecords: number }) {
    this.#seek = (offset) => options.seek(offset);
    this.#maxRecords = options.maxRecords;
  }

  /** Settles when the loop has committed the batch or wants it no more. */
  deliver(batch: FetchedBatch): Promise<Delivered> {
    if (this.#state === 'closed') return Promise.resolve('dropped');
    if (this.#state === 'fenced') return Promise.reject(new Rejoin());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, settle: resolve, fail: reject });
      this.#wake?.();
    });
  }

  /** kafkajs joined the group again: it starts where it thinks it should. */
  joined(): void {
    this.#aligned = false;
    if (this.#state === 'fenced') this.#state = 'open';
  }

  /** Somebody else owns the partition: kafkajs must join again to learn what is still ours. */
  fenced(): void {
    this.#state = 'fenced';
    for (const delivery of this.#waiting.splice(0)) delivery.fail(new Rejoin());
  }

  close(): void {
    this.#state = 'closed';
    for (const delivery of this.#waiting.splice(0)) delivery.settle('dropped');
    this.#wake?.();
  }

  /**
   * Ends when the feed is closed. Asking for the next chunk says that the last one is committed.
   */
  async *chunksFrom(position: bigint): AsyncGenerator<Chunk, void, void> {
    let next = position;
    let missed = 0;
    for (let delivery = await this.#take(); delivery; delivery = await this.#take()) {
      if (this.#startsAt(delivery.batch, next)) {
        missed = 0;
        next = yield* this.#chunksOf(delivery);
      } else {
        this.#startAgainFrom(next);
        delivery.settle('dropped');
        if (++missed > MOST_MISSED) throw new RetryError(lost(next, delivery.batch));
      }
    }
  }

  /** Returns the offset up to which all is committed. */
  async *#chunksOf(delivery: Delivery): AsyncGenerator<Chunk, bigint, void> {
    let done = delivery.batch.from;
    try {
      for (const chunk of this.#cut(delivery.batch)) {
        if (this.#state === 'closed') break;
        yield chunk;
        done = chunk.end;
      }
      return done;
    } finally {
      delivery.settle(done === delivery.batch.end ? 'processed' : 'dropped');
    }
  }

  /**
   * Once aligned, a later start is fine: kafkajs passes over control and aborted records by itself.
   */
  #startsAt(batch: FetchedBatch, next: bigint): boolean {
    const starts = batch.from === next || (this.#aligned && batch.from > next);
    this.#aligned ||= starts;
    return starts;
  }

  /**
   * What waits was fetched before the seek. What comes later is not: kafkajs drops stale answers.
   */
  #startAgainFrom(next: bigint): void {
    for (const stale of this.#waiting.splice(0)) stale.settle('dropped');
    this.#seek(next);
    this.#aligned = true;
  }

  *#cut({ records, end }: FetchedBatch): Generator<Chunk, void, void> {
    for (let first = 0; first < records.length; first += this.#maxRecords) {
      const part = records.slice(first, first + this.#maxRecords);
      const last = part.at(-1);
      const isLast = first + this.#maxRecords >= records.length;
      if (last) yield { records: part, end: isLast ? end : last.offset + 1n };
    }
  }

  async #take(): Promise<Delivery | null> {
    while (this.#waiting.length === 0 && this.#state !== 'closed') {
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = null;
    }
    return this.#waiting.shift() ?? null;
  }
}

/** After a rejoin one or two are; a position that is not in the log any more is missed for ever. */
const MOST_MISSED = 5;

const lost = (next: bigint, { topic, partition, from }: FetchedBatch): string =>
  `${topic}-${partition} has no offset ${next}, and is read from ${from}: was the topic made anew?`;
