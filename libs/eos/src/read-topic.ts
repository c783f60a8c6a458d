import { isTransient } from './kafka-errors.js';
import { kafkaToConsume } from './kafka.js';
import { Patience } from './patience.js';
import { ReadRecord } from './read.js';
import { readPartition } from './reader.js';
import type { InputRecord } from './record.js';
import { SETTINGS } from './settings.js';
import { SharedAdmin } from './shared-admin.js';

export interface ReadTopicOptions {
  readonly brokers: readonly string[];
  readonly topic: string;
  /** First offset per partition; the oldest kept one when absent. */
  readonly from?: bigint[];
}

/** A broker that restarts is back within seconds. */
const RESTARTING = { firstPauseMs: 50, longestPauseMs: 500, patienceMs: 15_000 };

/**
 * Everything that is committed up to the last stable offset of each partition at the time of the
 * call, partition by partition. For tools and judges: it holds the topic in memory.
 */
export async function readTopic(options: ReadTopicOptions): Promise<InputRecord[]> {
  const patience = new Patience(RESTARTING, new AbortController().signal);
  for (;;) {
    try {
      return await readOnce(options);
    } catch (error) {
      if (!isTransient(error) || !(await patience.lasts())) throw error;
    }
  }
}

async function readOnce({ brokers, topic, from }: ReadTopicOptions): Promise<InputRecord[]> {
  const { requestTimeoutMs } = SETTINGS;
  const shared = new SharedAdmin(
    kafkaToConsume({ brokers, clientId: 'read-topic', requestTimeoutMs }),
  );
  try {
    const offsets = await shared.ask((admin) => admin.fetchTopicOffsets(topic));
    const partitions = offsets.toSorted((a, b) => a.partition - b.partition);
    const read = await shared.askAll(partitions, async (admin, { partition, low }) => {
      const records: InputRecord[] = [];
      await readPartition(admin, {
        topic,
        partition,
        from: from?.[partition] ?? BigInt(low),
        upTo: 'last stable offset',
        each: (message) => records.push(new ReadRecord(topic, partition, message)),
      });
      return records;
    });
    return read.flat();
  } finally {
    shared.close();
  }
}
