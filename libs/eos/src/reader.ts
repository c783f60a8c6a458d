/**
 * What the engine asks the broker beside the consumer: where a group stands, and single partitions
 * from a known offset to a known end.
 */
import type { Admin, Kafka, KafkaMessage } from 'kafkajs';
import { PartitionStores } from './partition-stores.js';
import { SharedAdmin } from './shared-admin.js';
import type { Store } from './store.js';
import { RetryError } from './verdicts.js';

export class Reader {
  readonly #admin: SharedAdmin;
  readonly #signal: AbortSignal;

  constructor(kafka: Kafka, signal: AbortSignal) {
    this.#admin = new SharedAdmin(kafka);
    this.#signal = signal;
  }

  /**
   * The group's committed offset, or the oldest kept record when there is none. Never the newest: a
   * group that has forgotten its offset reads again what its guards know, it does not lose records.
   * Call it after fencing only, or a commit on its way can still move it.
   */
  async committedOffset(group: string, topic: string, partition: number): Promise<bigint> {
    return this.#admin.ask(async (admin) => {
      const [offsets] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
      const committed = offsets?.partitions.find((p) => p.partition === partition)?.offset ?? '-1';
      if (BigInt(committed) >= 0n) return BigInt(committed);
      return BigInt((await boundsOf(admin, topic, partition)).low);
    });
  }

  /**
   * Rebuilds the stores of one partition from their changelogs.
   *
   * The end is read once, first: fencing has settled the last owner's Kafka transaction, so nothing
   * that belongs to this state can appear behind it. Reading goes up to that end, with control
   * records and aborted records counted, and never takes silence for the end: a short state would
   * decide wrongly and then be written down. A Kafka transaction of somebody else that is open
   * before the end is waited for.
   */
  async restore(stores: readonly Store<never>[], partition: number): Promise<PartitionStores> {
    const restored = new PartitionStores(stores, partition);
    await this.#admin.askAll(stores, (admin, store) =>
      readPartition(admin, {
        topic: store.changelog,
        partition,
        upTo: 'high watermark',
        signal: this.#signal,
        each: ({ key, value }) => {
          if (key !== null) restored.restore(store, key.toString('utf8'), value);
        },
      }),
    );
    return restored;
  }

  close(): void {
    this.#admin.close();
  }
}

async function boundsOf(
  admin: Admin,
  topic: string,
  partition: number,
): Promise<{ readonly low: string; readonly high: string }> {
  const offsets = await admin.fetchTopicOffsets(topic);
  const found = offsets.find((p) => p.partition === partition);
  if (!found) throw new RetryError(`${topic} has no partition ${partition}`);
  return found;
}

/** Only an end behind an open Kafka transaction makes a read wait. */
const WAIT_MS = 100;

export interface PartitionRange {
  readonly topic: string;
  readonly partition: number;
  /** The oldest kept record when absent. */
  readonly from?: bigint;
  /** Both are taken once, at the first answer. */
  readonly upTo: 'high watermark' | 'last stable offset';
  readonly signal?: AbortSignal;
  /** The first such message ends the read, and is not told. */
  isBehind?(message: KafkaMessage): boolean;
  each(message: KafkaMessage): void;
}

const END_IN_ANSWER = {
  'high watermark': 'highWatermark',
  'last stable offset': 'lastStableOffset',
} as const;

const later = (...[one, other]: readonly [string, string]): bigint =>
  BigInt(one) > BigInt(other) ? BigInt(one) : BigInt(other);

/**
 * Reads what is committed in a partition up to an end that is fixed at the start.
 *
 * A leader that was elected a moment ago may show, in its answers to a fetch, a high watermark that
 * is behind what was acknowledged. Asked for the offsets of a partition it does not answer until it
 * has caught up. So it is asked first, and the end is the later of both.
 */
export async function readPartition(admin: Admin, range: PartitionRange): Promise<void> {
  const { topic, partition } = range;
  const { low, high } = await boundsOf(admin, topic, partition);
  let position = range.from ?? BigInt(low);
  let end: bigint | null = null;
  while (end === null || position < end) {
    range.signal?.throwIfAborted();
    const answer = await admin.fetchRecords({
      topic,
      partition,
      offset: String(position),
      maxWaitTime: end === null ? 0 : WAIT_MS,
    });
    end ??= later(answer[END_IN_ANSWER[range.upTo]], high);
    for (const message of answer.messages) {
      if (range.isBehind?.(message)) return;
      if (BigInt(message.offset) < end) range.each(message);
    }
    position = BigInt(answer.nextOffset);
  }
}
