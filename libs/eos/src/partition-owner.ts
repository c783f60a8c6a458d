/**
 * Keeps one assigned partition at work: runs the loop, and runs it again after a failure, from
 * fencing on, because everything it knew was about an epoch that is over.
 *
 * Ends by itself when the partition is taken away or somebody else has fenced it; ends the process
 * when a failure lasts, or when it cannot be mended by trying again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import { BatchFeed } from './batch-feed.js';
import type { Weaknesses } from './guards-off.js';
import { asError, isUnwritable, messageOf } from './kafka-errors.js';
import { work, type OwnedPartition, type Portion, type Released } from './partition-worker.js';
import { Patience } from './patience.js';
import { coordinates, plan, type Handler } from './plan.js';
import { Portions } from './portions.js';
import type { Observer } from './observer.js';
import type { PartitionStores } from './partition-stores.js';
import type { ReadRecord } from './read.js';
import type { Reader } from './reader.js';
import type { Log } from './runner.js';
import {
  fence,
  type Outcome,
  type PartitionName,
  type Session,
  type SessionHooks,
} from './session.js';
import type { Settings } from './settings.js';
import type { Store } from './store.js';
import type { TransactionCounters } from './transaction-figures.js';
import { BugError, PoisonError } from './verdicts.js';

export interface PartitionOwnerOptions {
  readonly kafka: Kafka;
  readonly reader: Reader;
  readonly handler: Handler<unknown>;
  readonly stores: readonly Store<never>[];
  readonly settings: Settings;
  readonly commitIntervalMs: number;
  readonly log: Log;
  readonly observer: Observer | undefined;
  readonly hooks: SessionHooks & Weaknesses;
  readonly counters: TransactionCounters;
  seek(offset: bigint): void;
  onFatal(error: Error): void;
}

export class PartitionOwner implements OwnedPartition {
  readonly feed: BatchFeed;
  readonly #name: PartitionName;
  readonly #label: string;
  readonly #options: PartitionOwnerOptions;
  readonly #patience: Patience;
  readonly #portions: Portions;
  readonly #handler: Handler<unknown>;
  readonly #released = new AbortController();
  #running: Promise<void> | null = null;
  #opened = false;
  #openedAt = Infinity;
  #fencingSince = 0;
  /** What of it the broker would never take. */
  #unwritable: { readonly offset: bigint; readonly reason: string } | null = null;
  #hopeless: BugError | null = null;

  constructor(name: PartitionName, options: PartitionOwnerOptions) {
    this.#name = name;
    this.#label = `${name.topic}-${name.partition}`;
    this.#options = options;
    this.#patience = new Patience(options.settings, this.#released.signal);
    this.#portions = new Portions(options.settings);
    this.#handler = this.#parkingUnwritable(options.handler);
    this.feed = new BatchFeed({
      seek: (offset) => options.seek(offset),
      maxRecords: options.settings.recordsPerTransaction,
    });
  }

  /** Whether it has been fenced and restored once. */
  get ready(): boolean {
    return this.#opened;
  }

  /** The group has given us the partition, or left it to us. */
  assigned(): void {
    this.feed.joined();
    this.#running ??= this.#keepWorking().finally(() => (this.#running = null));
  }

  /** Resolves when the Kafka transaction in hand has ended. */
  async release(): Promise<void> {
    this.#released.abort();
    this.feed.close();
    await this.#running;
  }

  async fence(): Promise<Session> {
    this.#fencingSince = performance.now();
    return fence(this.#options.kafka, this.#name, this.#options);
  }

  restore(): Promise<PartitionStores> {
    return this.#options.reader.restore(this.#options.stores, this.#name.partition);
  }

  committedOffset(): Promise<bigint> {
    const { group, topic, partition } = this.#name;
    return this.#options.reader.committedOffset(group, topic, partition);
  }

  async *portionsFrom(position: bigint, stores: PartitionStores): AsyncGenerator<Portion> {
    for await (const chunk of this.feed.chunksFrom(position)) {
      const begun = performance.now();
      let rest: readonly ReadRecord[] = chunk.records;
      while (rest.length > 0) {
        if (this.#released.signal.aborted) return;
        const planned = this.#portions.first(rest, (some) => plan(some, this.#handler, stores));
        rest = rest.slice(planned.taken.length);
        // Before anything is done about them; that they were decided on is no effect.
        this.#options.observer?.read(this.#name, planned.taken);
        this.#options.counters.began(this.#label);
        yield { ...planned, end: rest[0]?.offset ?? chunk.end };
      }
      await this.#restOfInterval(begun, chunk.records);
    }
  }

  /** What comes meanwhile is fetched afterwards, and committed together. */
  async #restOfInterval(begun: number, records: readonly ReadRecord[]): Promise<void> {
    const restMs = begun + this.#options.commitIntervalMs - performance.now();
    if (restMs <= 0 || isAllThatFits(records, this.#options.settings)) return;
    await sleep(restMs, undefined, { signal: this.#released.signal }).catch(() => undefined);
  }

  opened(position: bigint, stores: PartitionStores): void {
    this.#opened = true;
    this.#openedAt = performance.now();
    this.#options.observer?.took(this.#name, position);
    const took = Math.round(performance.now() - this.#fencingSince);
    const from = `from offset ${position}, ${stores.size()} keys, after ${took} ms`;
    this.#options.log.info({ ...this.#name }, `${this.#name.group} owns ${this.#label} ${from}`);
  }

  ended({ end, parked, taken }: Portion, outcome: Outcome): void {
    this.#options.observer?.ended(this.#name, end, outcome.kind);
    const ended = { outcome: outcome.kind, records: taken.length };
    this.#options.counters.ended(this.#label, ended);
    if (outcome.kind === 'committed') {
      this.#patience.succeeded();
      this.#portions.committed();
      this.#sayParked(parked);
    } else if (isUnwritable(outcome.error)) {
      this.#refused(taken, messageOf(outcome.error));
      this.#portions.refused();
    } else this.#portions.failed();
  }

  #refused([first, ...more]: Portion['taken'], reason: string): void {
    const isParked = first !== undefined && first.offset === this.#unwritable?.offset;
    if (isParked) {
      const where = coordinates(first);
      this.#hopeless = new BugError(`${where} can be neither worked on nor parked: ${reason}`);
    }
    this.#unwritable = first && more.length === 0 ? { offset: first.offset, reason } : null;
  }

  /** What it says about such a record is parked instead. */
  #parkingUnwritable(handler: Handler<unknown>): Handler<unknown> {
    return {
      group: handler.group,
      anyKey: this.#options.hooks.anyKey,
      decode: (record) => {
        const unwritable = this.#unwritable;
        if (unwritable && record.offset === unwritable.offset) {
          throw new PoisonError(unwritable.reason);
        }
        return handler.decode(record);
      },
      decide: (event, state, record) => handler.decide(event, state, record),
      onPark: (record, reason) => handler.onPark?.(record, reason) ?? [],
    };
  }

  #sayParked(parked: Portion['parked']): void {
    for (const { record, reason } of parked) {
      const where = coordinates(record);
      this.#options.log.error({ ...this.#name, where, reason }, `parked ${where}: ${reason}`);
    }
  }

  async #keepWorking(): Promise<void> {
    while (!this.#released.signal.aborted) {
      const released = await this.#work();
      if (released.why === 'asked to stop' || this.#released.signal.aborted) return;
      const reason = `${released.why} (${messageOf(released.error)})`;
      const { group } = this.#name;
      this.#options.log.warn({ ...this.#name }, `${group} released ${this.#label}: ${reason}`);
      const error = this.#hopeless ?? released.error;
      if (error instanceof BugError) return this.#options.onFatal(error);
      if (this.#wasWell()) this.#patience.succeeded();
      // Also when it is always the broker that ends it, because its commits come too late.
      if (!(await this.#patience.lasts())) return this.#options.onFatal(asError(error));
      if (released.why === 'someone else owns it now') return this.feed.fenced();
    }
  }

  /** An idle partition has no commit; that it was open for long is a success, too. */
  #wasWell(): boolean {
    return performance.now() - this.#openedAt > this.#options.settings.patienceMs;
  }

  async #work(): Promise<Released> {
    this.#openedAt = Infinity;
    try {
      return await work(this.#options.hooks.loop?.(this) ?? this);
    } catch (error) {
      return { why: 'retry from the committed offset', error };
    }
  }
}

/** Behind a fetch that was full, or nearly, there is more already. */
function isAllThatFits(
  records: readonly ReadRecord[],
  { recordsPerTransaction, fetchBytes }: Settings,
): boolean {
  if (records.length >= recordsPerTransaction) return true;
  return records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0) > fetchBytes / 2;
}
