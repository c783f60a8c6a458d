import type { Cluster, Partition, TopicPartition } from './cluster.js';
import type { Api } from './connection.js';
import { answered } from './error-codes.js';
import { Writer } from './wire.js';

const LIST_OFFSETS: Api = { name: 'ListOffsets', key: 2, version: 5, flexible: false };
const OFFSET_FETCH: Api = { name: 'OffsetFetch', key: 9, version: 5, flexible: false };
const NO_REPLICA = -1;
const UNKNOWN_EPOCH = -1;
const EARLIEST = -2n;
const LATEST = -1n;
const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;

/** Where a partition's log begins and ends, for a reader of all and for one of what is settled. */
export interface Extent extends Partition {
  readonly start: number;
  readonly lastStable: number;
  /** The high watermark. */
  readonly end: number;
}

export async function extentsOf(
  cluster: Cluster,
  partitions: readonly Partition[],
): Promise<Extent[]> {
  const [starts, stables, ends] = await Promise.all([
    listOffsets(cluster, partitions, { isolation: READ_UNCOMMITTED, timestamp: EARLIEST }),
    listOffsets(cluster, partitions, { isolation: READ_COMMITTED, timestamp: LATEST }),
    listOffsets(cluster, partitions, { isolation: READ_UNCOMMITTED, timestamp: LATEST }),
  ]);
  return partitions.map((partition) => ({
    ...partition,
    start: starts.get(nameOf(partition)) ?? 0,
    lastStable: stables.get(nameOf(partition)) ?? 0,
    end: ends.get(nameOf(partition)) ?? 0,
  }));
}

interface Question {
  readonly isolation: number;
  readonly timestamp: bigint;
}

async function listOffsets(
  cluster: Cluster,
  partitions: readonly Partition[],
  question: Question,
): Promise<ReadonlyMap<string, number>> {
  const byLeader = Map.groupBy(partitions, ({ leader }) => leader);
  const answers = await Promise.all(
    [...byLeader].map(([leader, own]) => listOffsetsFrom(cluster, { leader, own, ...question })),
  );
  return new Map(answers.flat());
}

async function listOffsetsFrom(
  cluster: Cluster,
  question: Question & { leader: number; own: readonly Partition[] },
): Promise<[string, number][]> {
  const { leader, own, isolation, timestamp } = question;
  const body = new Writer().int32(NO_REPLICA).int8(isolation);
  body.array([...Map.groupBy(own, ({ topic }) => topic)], ([topic, ofTopic]) => {
    body.string(topic).array(ofTopic, ({ partition }) => {
      body.int32(partition).int32(UNKNOWN_EPOCH).int64(timestamp);
    });
  });
  const reader = await cluster.send(leader, LIST_OFFSETS, body);
  reader.int32(); // throttle
  const topics = reader.array((r) => {
    const topic = r.string();
    return r.array((one): [string, number] => {
      const partition = one.int32();
      answered(one.int16(), `the offsets of ${topic}-${partition}`);
      one.count(); // timestamp
      const offset = one.count();
      one.int32(); // leader epoch
      return [nameOf({ topic, partition }), offset];
    });
  });
  return topics.flat();
}

export interface GroupOffset extends TopicPartition {
  readonly group: string;
  readonly committed: number;
}

/** What a group has committed; partitions where it never has are left out. */
export async function committedBy(cluster: Cluster, group: string): Promise<GroupOffset[]> {
  const coordinator = await cluster.coordinatorOf(group);
  const everything = new Writer().string(group).int32(-1);
  const reader = await cluster.send(coordinator, OFFSET_FETCH, everything);
  reader.int32(); // throttle
  const topics = reader.array((r) => {
    const topic = r.string();
    return r.array((one) => {
      const offset = { group, topic, partition: one.int32(), committed: one.count() };
      one.int32(); // leader epoch
      one.nullableString(); // metadata
      answered(one.int16(), `the offsets of group ${group} on ${topic}`);
      return offset;
    });
  });
  answered(reader.int16(), `the offsets of group ${group}`);
  return topics.flat().filter(({ committed }) => committed >= 0);
}

export function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
