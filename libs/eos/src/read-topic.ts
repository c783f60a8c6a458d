import { isTransient } from './kafka-errors.js';
import { kafkaToConsume } from './kafka.js';
import { Patience } from './patience.js';
import { inputRecord } from './read.js';
import { readPartition } from './reader.js';
import type { InputRecord } from './record.js';
import { SETTINGS } from './settings.js';

export interface ReadTopicOptions {
  readonly brokers: readonly string[];
  readonly topic: string;
  /** First offset per partition; the oldest kept one when absent. */
  readonly from?: bigint[];
}

/**
 * Everything that is committed up to the last stable offset of each partition at the time of the call,
 * partition by partition. For tools and judges: it holds the topic in memory.
 */
export async function readTopic({
  brokers,
  topic,
  from,
}: ReadTopicOptions): Promise<InputRecord[]> {
  const { requestTimeoutMs } = SETTINGS;
  const admin = kafkaToConsume({ brokers, clientId: 'read-topic', requestTimeoutMs }).admin();
  try {
    await admin.connect();
    const partitions = (await admin.fetchTopicOffsets(topic)).toSorted(
      (a, b) => a.partition - b.partition,
    );
    const read = partitions.map(async ({ partition, low }) => {
      const records: InputRecord[] = [];
      await readPartition(admin, {
        topic,
        partition,
        from: from?.[partition] ?? BigInt(low),
        upTo: 'last stable offset',
        each: (message) => records.push(inputRecord(topic, partition, message)),
      });
      return records;
    });
    return (await Promise.all(read)).flat();
  } finally {
    await admin.disconnect();
  }
}
