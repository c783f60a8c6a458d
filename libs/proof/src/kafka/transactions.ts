import type { Cluster, Partition, TopicPartition } from './cluster.js';
import type { Api } from './connection.js';
import { answered } from './error-codes.js';
import { type Reader, Writer } from './wire.js';

/** What the coordinators and the leaders know of Kafka transactions. */
const LIST: Api = { name: 'ListTransactions', key: 66, version: 0, flexible: true };
const DESCRIBE: Api = { name: 'DescribeTransactions', key: 65, version: 0, flexible: true };
const PRODUCERS: Api = { name: 'DescribeProducers', key: 61, version: 0, flexible: true };

export interface KafkaTransaction {
  readonly transactionalId: string;
  readonly state: string;
  readonly producerId: bigint;
  readonly epoch: number;
  /** Where it has written and not ended yet. */
  readonly partitions: readonly TopicPartition[];
}

/** A Kafka transaction that a partition waits for. */
export interface OpenOnPartition extends TopicPartition {
  readonly producerId: bigint;
  readonly epoch: number;
  readonly firstOffset: number;
}

export async function kafkaTransactions(cluster: Cluster): Promise<KafkaTransaction[]> {
  const lists = await Promise.all(
    cluster.brokerIds.map(async (broker) => {
      const ids = await listed(cluster, broker);
      return ids.length === 0 ? [] : described(cluster, broker, ids);
    }),
  );
  return lists.flat();
}

async function listed(cluster: Cluster, broker: number): Promise<string[]> {
  const anyState = new Writer().compactArray([], () => undefined);
  const reader = await cluster.send(
    broker,
    LIST,
    anyState.compactArray([], () => undefined).noTags(),
  );
  reader.int32(); // throttle
  answered(reader.int16(), 'the list of Kafka transactions');
  reader.compactArray((r) => r.compactString()); // filters it did not know
  return reader.compactArray((r) => {
    const id = r.compactString();
    r.int64(); // producer id
    r.compactString(); // state
    r.passTags();
    return id;
  });
}

async function described(
  cluster: Cluster,
  broker: number,
  ids: readonly string[],
): Promise<KafkaTransaction[]> {
  const body = new Writer();
  body.compactArray(ids, (id) => body.compactString(id)).noTags();
  const reader = await cluster.send(broker, DESCRIBE, body);
  reader.int32(); // throttle
  return reader.compactArray(describedOne).flat();
}

/** Gone between the two questions: then it is not open. */
const NOT_FOUND = 105;

function describedOne(reader: Reader): KafkaTransaction[] {
  const error = reader.int16();
  const transactionalId = reader.compactString();
  const state = reader.compactString();
  reader.int32(); // time-out
  reader.count(); // start
  const producerId = reader.int64();
  const epoch = reader.int16();
  const topics = reader.compactArray((r) => {
    const topic = r.compactString();
    const partitions = r.compactArray((one) => ({ topic, partition: one.int32() }));
    r.passTags();
    return partitions;
  });
  reader.passTags();
  if (error === NOT_FOUND) return [];
  answered(error, `the state of ${transactionalId}`);
  return [{ transactionalId, state, producerId, epoch, partitions: topics.flat() }];
}

export async function openOn(
  cluster: Cluster,
  partitions: readonly Partition[],
): Promise<OpenOnPartition[]> {
  const byLeader = Map.groupBy(partitions, ({ leader }) => leader);
  const lists = await Promise.all(
    [...byLeader].map(async ([leader, own]) => {
      const body = new Writer();
      body.compactArray([...Map.groupBy(own, ({ topic }) => topic)], ([topic, ofTopic]) => {
        body.compactString(topic);
        body.compactArray(ofTopic, ({ partition }) => body.int32(partition)).noTags();
      });
      const reader = await cluster.send(leader, PRODUCERS, body.noTags());
      reader.int32(); // throttle
      return reader.compactArray(producersOfTopic).flat();
    }),
  );
  return lists.flat();
}

function producersOfTopic(reader: Reader): OpenOnPartition[] {
  const topic = reader.compactString();
  const partitions = reader.compactArray((r) => {
    const partition = r.int32();
    const error = r.int16();
    r.compactNullableString(); // message
    const producers = r.compactArray((one) => {
      const producer = { topic, partition, producerId: one.int64(), epoch: one.int32() };
      one.int32(); // last sequence
      one.count(); // last timestamp
      one.int32(); // coordinator epoch
      const firstOffset = one.count();
      one.passTags();
      return { ...producer, firstOffset };
    });
    r.passTags();
    answered(error, `the producers of ${topic}-${partition}`);
    return producers;
  });
  reader.passTags();
  return partitions.flat().filter(({ firstOffset }) => firstOffset >= 0);
}
