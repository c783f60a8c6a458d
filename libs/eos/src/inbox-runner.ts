/**
 * Reads and hands over, for effects outside Kafka: at least once, so that an inbox can make it
 * once.
 *
 * Guarantee: an offset is committed only after process() has resolved for everything before it, so
 * a record is never lost; within a partition batches come in order, one at a time.
 * Threat: the process dies between the durable database transaction and the commit of the offset.
 * The batch comes again: the inbox row, written in that same database transaction, makes it a
 * no-op.
 * Not promised: once. Two owners can hold the same batch for a moment; the database decides.
 */
import type { EachBatchPayload } from 'kafkajs';
import type { Delivered } from './batch-feed.js';
import { GroupMember, type Assignment } from './group-member.js';
import { isMembership, messageOf } from './kafka-errors.js';
import { assertNoneOfOurs } from './identity.js';
import { kafkaToConsume } from './kafka.js';
import { assertPatched } from './patch-check.js';
import { Patience } from './patience.js';
import { coordinates } from './plan.js';
import type { FetchedBatch, ReadRecord } from './read.js';
import type { InputRecord } from './record.js';
import type { Connection, Health, Log, Runner } from './runner.js';
import { assertSettings, SETTINGS, type Settings } from './settings.js';
import { BugError, FencedError, RetryError } from './verdicts.js';

export type Delivery<E> =
  | { readonly record: InputRecord; readonly event: E }
  | { readonly record: InputRecord; readonly poison: string };

export interface InboxRunnerOptions<E> {
  /** Consumer group id, `<service>.<stage>`. */
  readonly group: string;
  readonly topics: readonly string[];
  readonly connection: Connection;
  readonly log: Log;
  /**
   * Throws when the record can never be read: it is delivered as poison, for the caller to park.
   */
  decode(record: InputRecord): E;
  /**
   * One topic-partition, in order. Resolves when its database transaction is durable; only then is
   * the offset committed, so the same batch may come again and must then change nothing. Rejecting
   * means the same batch again after a pause; a BugError or FencedError ends the process at once.
   */
  process(batch: readonly Delivery<E>[]): Promise<void>;
  /** The process must end: the runner cannot go on by itself. */
  onFatal(error: Error): void;
}

export function inboxRunner<E>(options: InboxRunnerOptions<E>): Runner {
  return new InboxRunner(options, SETTINGS);
}

/** For tests: other numbers. */
export function inboxRunnerWith<E>(settings: Settings, options: InboxRunnerOptions<E>): Runner {
  return new InboxRunner(options, settings);
}

class InboxRunner implements Runner {
  readonly #options: InboxRunnerOptions<unknown>;
  readonly #settings: Settings;
  readonly #member: GroupMember;
  readonly #stopping = new AbortController();
  /** The last batch of each partition: after a rejoin the next one waits for it. */
  readonly #last = new Map<string, Promise<unknown>>();

  constructor(options: InboxRunnerOptions<unknown>, settings: Settings) {
    assertSettings(settings);
    this.#options = options;
    this.#settings = settings;
    this.#member = new GroupMember({
      ...options,
      kafka: kafkaToConsume({ ...options.connection, requestTimeoutMs: settings.requestTimeoutMs }),
      settings,
      needs: { stores: [], parked: [] },
      onAssigned: (assignment) => {
        this.#took(assignment);
        const partitions = [...assignment].map(([topic, owned]) => `${topic} ${owned.join(',')}`);
        options.log.info(
          { group: options.group },
          `${options.group} owns ${partitions.join('; ')}`,
        );
      },
      onBatch: (batch, payload, comesAgain) =>
        this.#inTurn(batch, () => this.#handOver(batch, payload, comesAgain)),
      onFatal: (error) => options.onFatal(error),
    });
  }

  async start(): Promise<void> {
    assertPatched();
    assertNoneOfOurs(this.#options);
    this.#member.start();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#member.stop();
  }

  health(): Health {
    const ready = this.#member.joined;
    return { ready, detail: `${this.#options.group}: ${ready ? 'joined' : 'joining'}` };
  }

  #inTurn(
    { topic, partition }: FetchedBatch,
    handOver: () => Promise<Delivered>,
  ): Promise<Delivered> {
    const name = `${topic}/${partition}`;
    const before = this.#last.get(name) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(handOver);
    this.#last.set(name, turn);
    return turn;
  }

  /** Where it goes on, kafkajs alone knows: the first batch says it. */
  #took(assignment: Assignment): void {
    const { group, connection } = this.#options;
    for (const [topic, partitions] of assignment) {
      for (const partition of partitions) {
        connection.observer?.took({ group, topic, partition }, null);
      }
    }
  }

  async #handOver(
    batch: FetchedBatch,
    payload: EachBatchPayload,
    comesAgain: AbortSignal,
  ): Promise<Delivered> {
    if (comesAgain.aborted) return 'dropped';
    const { group, connection } = this.#options;
    const where = { group, topic: batch.topic, partition: batch.partition };
    connection.observer?.read(where, batch.records);
    try {
      const delivered = await this.#deliver(batch, payload);
      connection.observer?.ended(where, batch.end, comesAgain.aborted ? 'again' : delivered);
      return delivered;
    } catch (error) {
      // Its offset is not committed: this life, or the next, is given the batch anew.
      connection.observer?.ended(where, batch.end, 'again');
      throw error;
    }
  }

  async #deliver(batch: FetchedBatch, payload: EachBatchPayload): Promise<Delivered> {
    const deliveries = batch.records.map((record) => this.#delivery(record));
    const patience = new Patience(this.#settings, this.#stopping.signal);
    for (;;) {
      try {
        if (this.#stopping.signal.aborted) return 'dropped';
        await this.#options.process(deliveries);
        break;
      } catch (error) {
        if (error instanceof BugError || error instanceof FencedError) throw error;
        this.#say(batch, `not processed, comes again: ${messageOf(error)}`);
        if (!(await patience.lasts())) throw new RetryError(messageOf(error), { cause: error });
      }
    }
    return this.#commit(batch, payload, patience);
  }

  /** The work is done: a lost commit only means that it comes again. */
  async #commit(
    { topic, partition, end }: FetchedBatch,
    payload: EachBatchPayload,
    patience: Patience,
  ): Promise<Delivered> {
    const offsets = { topics: [{ topic, partitions: [{ partition, offset: String(end) }] }] };
    patience.succeeded();
    for (;;) {
      try {
        await payload.commitOffsetsIfNecessary(offsets);
        return 'processed';
      } catch (error) {
        if (isMembership(error) || !(await patience.lasts())) throw error;
      }
    }
  }

  #delivery(record: ReadRecord): Delivery<unknown> {
    try {
      return { record, event: this.#options.decode(record) };
    } catch (error) {
      return { record, poison: messageOf(error) };
    }
  }

  #say({ topic, partition, from }: FetchedBatch, what: string): void {
    const where = coordinates({ topic, partition, offset: from });
    this.#options.log.warn({ group: this.#options.group, where }, `${where} ${what}`);
  }
}
