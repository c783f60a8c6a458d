/**
 * One ownership of one input partition: a transactional id, one epoch of it, Kafka transactions in
 * sequence.
 *
 * Guarantee: outputs, changes of the stores and the input offset become visible together or not at
 * all, and of two sessions of one partition only the younger can commit.
 * Threat: see partition-worker.ts. The cure is the id: it depends on group, topic and partition and
 * on nothing else, so that whoever comes next takes this session's epoch away.
 * Not promised: that a failed commit did not happen. Its outcome is `unknown`; the next session
 * reads the committed offset and thereby learns it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ICustomPartitioner, Kafka, PartitionMetadata, Producer, Transaction } from 'kafkajs';
import { isConcurrentTransactions, isFenced } from './kafka-errors.js';
import { producerRetry } from './kafka.js';
import { sends, type Outgoing } from './outgoing.js';
import type { Settings } from './settings.js';
import { BugError, RetryError } from './verdicts.js';

export type Outcome =
  | { readonly kind: 'committed' }
  /** Nothing of it will ever be visible. */
  | { readonly kind: 'aborted'; readonly error: unknown }
  /** The commit was sent and its answer was lost. */
  | { readonly kind: 'unknown'; readonly error: unknown }
  /** A younger session has this partition. */
  | { readonly kind: 'fenced'; readonly error: unknown };

export interface PartitionName {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}

/** Named points at which a test can hold a session; nothing happens there otherwise. */
export type Step = 'before send' | 'sent' | 'before commit' | 'committed';

export interface SessionHooks {
  atStep?(step: Step): Promise<void> | void;
  /** Takes the guarantee away, to show that the tests see it go. */
  transactionalId?(name: PartitionName): string;
}

const transactionalId = ({ group, topic, partition }: PartitionName): string =>
  `${group}.${topic}.${partition}`;

export interface SessionOptions {
  readonly settings: Settings;
  readonly hooks?: SessionHooks;
}

/**
 * Takes the partition's identity. When this returns, the Kafka transaction of any older session has
 * been settled one way or the other, and whatever that session still sends is refused.
 */
export async function fence(
  kafka: Kafka,
  name: PartitionName,
  options: SessionOptions,
): Promise<Session> {
  const producer = kafka.producer({
    transactionalId: (options.hooks?.transactionalId ?? transactionalId)(name),
    // Records and offset, side by side; a connection's requests are answered in their order.
    maxInFlightRequests: 2,
    idempotent: false,
    transactionTimeout: options.settings.transactionTimeoutMs,
    allowAutoTopicCreation: false,
    createPartitioner: namedPartition,
    retry: producerRetry,
  });
  try {
    await producer.connect();
    return new Session(producer, await producer.transaction(), name, options);
  } catch (error) {
    discard(producer);
    throw error;
  }
}

export class Session {
  readonly #producer: Producer;
  readonly #name: PartitionName;
  readonly #settings: Settings;
  readonly #hooks: SessionHooks;
  /** The first Kafka transaction was begun by fencing. */
  #begun: Transaction | null;

  constructor(
    producer: Producer,
    begun: Transaction,
    name: PartitionName,
    { settings, hooks = {} }: SessionOptions,
  ) {
    this.#producer = producer;
    this.#begun = begun;
    this.#name = name;
    this.#settings = settings;
    this.#hooks = hooks;
  }

  /** After any outcome but `committed` the session is over: fence again, then look. */
  async commit(records: readonly Outgoing[], end: bigint): Promise<Outcome> {
    let open: Transaction | null = null;
    try {
      open = this.#begun ?? (await this.#producer.transaction());
      this.#begun = null;
      await this.#hooks.atStep?.('before send');
      await both(this.#sendRecords(open, records), this.#sendOffset(open, end));
      await this.#hooks.atStep?.('before commit');
    } catch (error) {
      // Lets readers pass; when it fails, the next session or the broker's time-out does the same.
      await open?.abort().catch(() => undefined);
      return { kind: isFenced(error) ? 'fenced' : 'aborted', error };
    }
    try {
      await open.commit();
      await this.#hooks.atStep?.('committed');
      return { kind: 'committed' };
    } catch (error) {
      return { kind: isFenced(error) ? 'fenced' : 'unknown', error };
    }
  }

  close(): void {
    discard(this.#producer);
  }

  /** One after the other: sends side by side reuse sequence numbers after a lost answer. */
  async #sendRecords(open: Transaction, records: readonly Outgoing[]): Promise<void> {
    for (const topicMessages of sends(records, this.#settings.sendBytes)) {
      await open.sendBatch({ acks: -1, topicMessages });
    }
    await this.#hooks.atStep?.('sent');
  }

  /** kafkajs does not retry this one while the previous Kafka transaction's markers are written. */
  async #sendOffset(open: Transaction, end: bigint): Promise<void> {
    const { group, topic, partition } = this.#name;
    const offsets = {
      consumerGroupId: group,
      topics: [{ topic, partitions: [{ partition, offset: String(end) }] }],
    };
    const giveUpAt = performance.now() + this.#settings.transactionTimeoutMs / 2;
    for (;;) {
      try {
        return await open.sendOffsets(offsets);
      } catch (error) {
        if (!isConcurrentTransactions(error) || performance.now() > giveUpAt) throw error;
      }
      await sleep(MARKERS_PAUSE_MS);
    }
  }
}

/** Nothing is on its way any more when it rejects: an abort must not be overtaken. */
async function both(one: Promise<void>, other: Promise<void>): Promise<void> {
  const ended = await Promise.allSettled([one, other]);
  const errors = ended.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  if (errors.length > 0) throw errors.find(isFenced) ?? errors[0];
}

/** Writing the markers takes a few milliseconds. */
const MARKERS_PAUSE_MS = 3;

/**
 * kafkajs leaves out, without a word, what is for a partition that it does not know, and the offset
 * would pass it. With the next session its picture of the topic is a new one.
 */
const namedPartition: ICustomPartitioner = () => {
  let metadata: readonly PartitionMetadata[] | undefined;
  let known = new Set<number>();
  return ({ topic, partitionMetadata, message: { partition } }) => {
    if (partition === undefined) throw new BugError('a record names no partition');
    if (partitionMetadata !== metadata) {
      metadata = partitionMetadata;
      known = new Set(partitionMetadata.map(({ partitionId }) => partitionId));
    }
    if (!known.has(partition)) throw new RetryError(`${topic} has no partition ${partition}`);
    return partition;
  };
};

/** Nobody waits: what such a producer could still do is refused by the epoch. */
function discard(producer: Producer): void {
  producer.disconnect().catch(() => undefined);
}
