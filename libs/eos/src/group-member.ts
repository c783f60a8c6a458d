/**
 * Membership of one consumer group, with a name of its own (static membership).
 *
 * Guarantee: nothing is read from brokers or topics on which the engine's promises do not stand
 * (broker-release.ts, topic-check.ts). A batch is handed over while the group believes that we own
 * the partition, heartbeats go on meanwhile, and there is no silent stall: when the group has not
 * answered for too long, when a batch is stuck, or when kafkajs has given up, onFatal is called.
 * Threat: kafkajs stops a consumer for good on any error it takes for permanent, and the process
 * lives on without consuming. So nothing escapes from a batch but the errors that mean "join
 * again".
 * Not promised: that we still own the partition. A member learns of its loss at the next heartbeat;
 * whoever writes must not rely on it.
 */
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { Delivered } from './batch-feed.js';
import { assertBrokers } from './broker-release.js';
import { asError, isMembership, isReplaced, messageOf } from './kafka-errors.js';
import { endsWithin, Patience } from './patience.js';
import { fetchedBatch, type FetchedBatch } from './read.js';
import type { Connection, Log } from './runner.js';
import type { Settings } from './settings.js';
import { assertTopics, type Needed } from './topic-check.js';
import { BugError, FencedError, RetryError } from './verdicts.js';

export interface GroupMemberOptions {
  readonly kafka: Kafka;
  readonly group: string;
  readonly topics: readonly string[];
  readonly connection: Connection;
  readonly settings: Settings;
  readonly log: Log;
  readonly readUncommitted?: boolean | undefined;
  /** Beside its inputs. */
  readonly needs: Omit<Needed, 'inputs'>;
  /** Called at each join, before the first batch of it. */
  onAssigned(assignment: Assignment): void;
  /**
   * May reject with an error that means "join again", nothing else. The signal says that the group
   * has moved on: the batch comes again, whatever becomes of it.
   */
  onBatch(
    batch: FetchedBatch,
    payload: EachBatchPayload,
    comesAgain: AbortSignal,
  ): Promise<Delivered>;
  /** With a FencedError when another process lives under our instance id: no restart mends that. */
  onFatal(error: Error): void;
}

export type Assignment = ReadonlyMap<string, readonly number[]>;

export class GroupMember {
  readonly #options: GroupMemberOptions;
  readonly #consumer: Consumer;
  readonly #stopping = new AbortController();
  #lastSignOfLife = performance.now();
  #watch: NodeJS.Timeout | null = null;
  #joined = false;
  /** Until the consumer runs. */
  #starting: Promise<void> = Promise.resolve();

  constructor(options: GroupMemberOptions) {
    const { group, connection, settings } = options;
    this.#options = options;
    this.#consumer = options.kafka.consumer({
      groupId: group,
      groupInstanceId: `${group}-${connection.ordinal}`,
      sessionTimeout: settings.sessionTimeoutMs,
      heartbeatInterval: settings.heartbeatMs,
      rebalanceTimeout: settings.rebalanceTimeoutMs,
      maxWaitTimeInMs: settings.fetchWaitMs,
      maxBytesPerPartition: settings.fetchBytes,
      allowAutoTopicCreation: false,
      readUncommitted: options.readUncommitted ?? false,
      retry: { retries: Number.MAX_SAFE_INTEGER },
    });
  }

  get joined(): boolean {
    return this.#joined;
  }

  /** Joining goes on in the background, for as long as patience lasts. */
  start(): void {
    const { settings } = this.#options;
    this.#listen();
    this.#watch = setInterval(() => {
      const silentMs = performance.now() - this.#lastSignOfLife;
      if (silentMs > settings.patienceMs) {
        this.end(new RetryError(`the group has not answered for ${Math.round(silentMs)} ms`));
      }
    }, settings.heartbeatMs);
    this.#starting = this.#run();
  }

  /**
   * Leaves the group, so that others need not wait for the session to end. What is starting is
   * waited for: kafkajs would join after it was told to stop, and hold partitions that nobody
   * reads.
   */
  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#watch) clearInterval(this.#watch);
    const left = this.#starting.then(() => this.#consumer.disconnect()).catch(() => undefined);
    if (!(await endsWithin(this.#options.settings.stopMs, left))) {
      this.#options.log.warn({ group: this.#options.group }, 'stopped without leaving the group');
    }
  }

  seek(topic: string, partition: number, offset: bigint): void {
    try {
      this.#consumer.seek({ topic, partition, offset: String(offset) });
    } catch {
      // kafkajs has no group at this moment; the next join starts anew and is checked again.
    }
  }

  #listen(): void {
    const { log, group } = this.#options;
    const { GROUP_JOIN, HEARTBEAT, REBALANCING, CRASH } = this.#consumer.events;
    const alive = (): void => void (this.#lastSignOfLife = performance.now());
    this.#consumer.on(HEARTBEAT, alive);
    this.#consumer.on(REBALANCING, () => log.info({ group }, `${group} is rebalancing`));
    this.#consumer.on(GROUP_JOIN, ({ payload }) => {
      if (this.#stopping.signal.aborted) return;
      alive();
      this.#joined = true;
      this.#options.onAssigned(new Map(Object.entries(payload.memberAssignment)));
    });
    this.#consumer.on(CRASH, ({ payload: { error, restart } }) => {
      if (this.#stopping.signal.aborted) return;
      this.#joined = false;
      if (restart) {
        log.warn({ group }, `${group} has to join again: ${error.message}`);
        return;
      }
      const Verdict = isReplaced(error) ? FencedError : RetryError;
      this.end(new Verdict(`${group} was ended: ${error.message}`, { cause: error }));
    });
  }

  async #run(): Promise<void> {
    const { settings, topics, group, log } = this.#options;
    const patience = new Patience(settings, this.#stopping.signal);
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#assertFit();
        await this.#consumer.connect();
        await this.#consumer.subscribe({ topics: [...topics], fromBeginning: true });
        if (this.#stopping.signal.aborted) return;
        return await this.#consumer.run({
          autoCommit: false,
          eachBatchAutoResolve: false,
          partitionsConsumedConcurrently: MANY_PARTITIONS,
          eachBatch: (payload) => this.#eachBatch(payload),
        });
      } catch (error) {
        if (error instanceof BugError) return this.end(error);
        log.warn({ group, error: messageOf(error) }, `${group} cannot join yet`);
        // It was answered, if only with this: patience counts, and ends with the cause.
        this.#lastSignOfLife = performance.now();
        if (!(await patience.lasts())) return this.end(asError(error));
      }
    }
  }

  async #assertFit(): Promise<void> {
    const { kafka, connection, log, topics, needs } = this.#options;
    await assertBrokers(connection.brokers, log);
    await assertTopics(kafka, { inputs: topics, ...needs });
  }

  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    if (this.#stopping.signal.aborted || !payload.isRunning() || payload.isStale()) return;
    const { batch } = payload;
    try {
      if ((await this.#whileHeartbeating(payload)) !== 'processed') return;
    } catch (error) {
      if (isMembership(error)) throw error;
      this.end(asError(error));
      return;
    }
    try {
      payload.resolveOffset(batch.lastOffset());
    } catch {
      // The partition went away meanwhile, and kafkajs with it.
    }
  }

  /**
   * Ends early when the group has moved on: the batch may go on, its result is of no use to
   * kafkajs. Who retries gives up after patience; twice that means that somebody waits for ever.
   */
  async #whileHeartbeating(payload: EachBatchPayload): Promise<Delivered> {
    const { settings, group } = this.#options;
    const comesAgain = new AbortController();
    const work = this.#options.onBatch(fetchedBatch(payload.batch), payload, comesAgain.signal);
    const startedAt = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const movedOn = new Promise<never>((_, reject) => {
      timer = setInterval(() => {
        payload.heartbeat().catch((error: unknown) => {
          if (isMembership(error)) reject(asError(error));
        });
        const takenMs = Math.round(performance.now() - startedAt);
        if (takenMs > settings.patienceMs * 2) {
          reject(new BugError(`${group}: a batch has been stuck for ${takenMs} ms`));
        }
      }, settings.heartbeatMs / 2);
    });
    try {
      return await Promise.race([work, movedOn]);
    } catch (error) {
      comesAgain.abort();
      throw error;
    } finally {
      clearInterval(timer);
      work.catch(() => undefined);
    }
  }

  /** The process must end; until it does, nothing more is handed over. */
  end(error: Error): void {
    if (this.#stopping.signal.aborted) return;
    this.#options.onFatal(error);
    void this.stop();
  }
}

/** kafkajs's worker count over the partitions of one fetch: more than any service has. */
const MANY_PARTITIONS = 64;
