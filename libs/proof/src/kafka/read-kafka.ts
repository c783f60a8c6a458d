import type {
  DataRecord,
  GroupOffset,
  KafkaEvidence,
  Marker,
  PartitionLog,
} from '../evidence/kafka-log.js';
import { withCluster, type Cluster, type Partition } from './cluster.js';
import { fetchAll } from './fetch.js';
import { committedBy, extentsOf, nameOf, type Extent } from './offsets.js';
import { endingOf, type Batch, type BatchRecord } from './record-batch.js';
import { kafkaTransactions, openOn, type KafkaTransaction } from './transactions.js';

export interface Subscription {
  readonly topic: string;
  readonly group: string;
}

export interface KafkaQuestion {
  readonly brokers: readonly string[];
  /** Topics that are not there are not read: what misses them will say so. */
  readonly topics: (name: string) => boolean;
  /** Who reads what: offsets that are not committed yet count from the first record on. */
  readonly subscriptions: readonly Subscription[];
}

/** Everything on the topics, from the first offset to the end, and what is not settled. */
export function readKafka(question: KafkaQuestion): Promise<KafkaEvidence> {
  return readFrom(question, ({ start }) => start);
}

/** Only what some group has not read yet: enough to see whether anything is on its way. */
export function readTails(question: KafkaQuestion): Promise<KafkaEvidence> {
  return readFrom(question, ({ topic, partition, start, end }, offsets) => {
    const committed = question.subscriptions
      .filter((subscription) => subscription.topic === topic)
      .map(({ group }) => {
        const own = offsets.filter((one) => one.group === group && one.topic === topic);
        return own.find((one) => one.partition === partition)?.committed ?? start;
      });
    return Math.max(start, Math.min(end, ...committed));
  });
}

async function readFrom(
  { brokers, topics, subscriptions }: KafkaQuestion,
  startOf: (extent: Extent, offsets: readonly GroupOffset[]) => number,
): Promise<KafkaEvidence> {
  return withCluster(brokers, async (cluster) => {
    const partitions = cluster.partitions.filter(({ topic }) => topics(topic));
    const extents = await extentsOf(cluster, partitions);
    const groups = [...new Set(subscriptions.map(({ group }) => group))];
    const offsets = (await Promise.all(groups.map((group) => committedBy(cluster, group)))).flat();
    const wanted = extents.map((extent) => ({ ...extent, start: startOf(extent, offsets) }));
    const batches = await fetchAll(cluster, wanted);
    const transactions = await kafkaTransactions(cluster);
    return {
      logs: wanted.map((extent) => logOf(extent, batches.get(nameOf(extent)) ?? [])),
      groups: offsets,
      open: await unsettled(cluster, { partitions, groups }, transactions),
      producers: transactions,
    };
  });
}

const SETTLED = ['Empty', 'CompleteCommit', 'CompleteAbort', 'Dead'];

/** Where the offsets of a group lie: some Kafka transactions write nothing else. */
const OFFSETS = '__consumer_offsets';

async function unsettled(
  cluster: Cluster,
  { partitions, groups }: { partitions: readonly Partition[]; groups: readonly string[] },
  transactions: readonly KafkaTransaction[],
): Promise<KafkaEvidence['open']> {
  const topics = new Set(partitions.map(nameOf));
  // Of the engine `<group>.<topic>.<partition>`, of Kafka Streams `<group>-<process>-<thread>`.
  const isOfAGroup = (id: string): boolean =>
    groups.some((group) => id.startsWith(`${group}.`) || id.startsWith(`${group}-`));
  const atCoordinators = transactions
    .filter(({ state }) => !SETTLED.includes(state))
    .filter(({ transactionalId, partitions: written }) =>
      written.some((one) => {
        return topics.has(nameOf(one)) || (one.topic === OFFSETS && isOfAGroup(transactionalId));
      }),
    )
    .map(({ transactionalId, producerId, state }) => {
      return { transactionalId, producerId, state, topic: null, partition: null };
    });
  const atLeaders = (await openOn(cluster, partitions)).map(({ topic, partition, producerId }) => {
    return { transactionalId: null, producerId, state: 'open', topic, partition };
  });
  return [...atCoordinators, ...atLeaders];
}

function logOf(extent: Extent, batches: readonly Batch[]): PartitionLog {
  const { topic, partition, start, lastStable, end } = extent;
  const records: DataRecord[] = [];
  const markers: Marker[] = [];
  for (const batch of batches) {
    for (const record of batch.records) {
      // A batch is read whole, also when the log begins or was told to end in the middle of it.
      if (record.offset < start || record.offset >= end) continue;
      if (batch.control) markers.push(...markerOf(batch, record));
      else records.push(dataRecord({ topic, partition }, batch, record));
    }
  }
  return { topic, partition, start, lastStable, end, records, markers };
}

function markerOf({ producerId, epoch }: Batch, record: BatchRecord): Marker[] {
  const ending = endingOf(record);
  if (ending === null) return [];
  return [{ offset: record.offset, producerId, epoch, ending, timestamp: record.timestamp }];
}

function dataRecord(
  where: { topic: string; partition: number },
  { producerId, epoch, transactional }: Batch,
  { offset, timestamp, key, value, headers }: BatchRecord,
): DataRecord {
  const text: Record<string, string> = {};
  for (const [name, bytes] of headers) if (bytes) text[name] = bytes.toString('utf8');
  const names = headers.map(([name]) => name);
  const repeatedHeaders = [...new Set(names.filter((name, i) => names.indexOf(name) < i))];
  return {
    ...where,
    offset,
    producerId,
    epoch,
    transactional,
    timestamp,
    key: key?.toString('utf8') ?? null,
    value: value?.toString('utf8') ?? null,
    headers: text,
    ...(repeatedHeaders.length > 0 && { repeatedHeaders }),
  };
}
