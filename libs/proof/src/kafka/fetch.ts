import type { Cluster } from './cluster.js';
import type { Api } from './connection.js';
import { answered } from './error-codes.js';
import { nameOf, type Extent } from './offsets.js';
import { decodeBatches, type Batch } from './record-batch.js';
import { type Reader, Writer } from './wire.js';

const FETCH: Api = { name: 'Fetch', key: 1, version: 11, flexible: false };
const NO_REPLICA = -1;
const UNKNOWN_EPOCH = -1;
const NO_SESSION = 0;
const FULL_FETCH = -1;
const NOT_A_FOLLOWER = -1n;
/** Everything that is written is seen: what is aborted or open is for the judge to tell. */
const READ_UNCOMMITTED = 0;
/** What was read is there already: there is nothing to wait for. */
const MAX_WAIT_MS = 0;
const MIN_BYTES = 1;
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_PARTITION_BYTES = 4 * 1024 * 1024;
/** Answers in a row that bring nothing: more means that a position can never be reached. */
const MAX_EMPTY_ANSWERS = 50;

/** All batches of each partition, from the start of its log to the end that `extents` names. */
export async function fetchAll(
  cluster: Cluster,
  extents: readonly Extent[],
): Promise<ReadonlyMap<string, readonly Batch[]>> {
  const byLeader = Map.groupBy(extents, ({ leader }) => leader);
  const read = await Promise.all(
    [...byLeader].map(([leader, own]) => fetchFrom(cluster, leader, own)),
  );
  return new Map(read.flatMap((partitions) => [...partitions]));
}

interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly end: number;
  next: number;
  readonly batches: Batch[];
}

async function fetchFrom(
  cluster: Cluster,
  leader: number,
  extents: readonly Extent[],
): Promise<ReadonlyMap<string, readonly Batch[]>> {
  const positions = new Map<string, Position>(
    extents.map((extent) => [nameOf(extent), { ...extent, next: extent.start, batches: [] }]),
  );
  let empty = 0;
  for (;;) {
    const open = [...positions.values()].filter(({ next, end }) => next < end);
    if (open.length === 0) break;
    const moved = take(await cluster.send(leader, FETCH, fetchRequest(open)), positions);
    empty = moved ? 0 : empty + 1;
    if (empty > MAX_EMPTY_ANSWERS) throw new Error(stuckMessage(open));
  }
  return new Map([...positions].map(([name, { batches }]) => [name, batches]));
}

function fetchRequest(open: readonly Position[]): Writer {
  const body = new Writer().int32(NO_REPLICA).int32(MAX_WAIT_MS).int32(MIN_BYTES);
  body.int32(MAX_BYTES).int8(READ_UNCOMMITTED).int32(NO_SESSION).int32(FULL_FETCH);
  body.array([...Map.groupBy(open, ({ topic }) => topic)], ([topic, ofTopic]) => {
    body.string(topic).array(ofTopic, ({ partition, next }) => {
      body.int32(partition).int32(UNKNOWN_EPOCH).int64(BigInt(next)).int64(NOT_A_FOLLOWER);
      body.int32(MAX_PARTITION_BYTES);
    });
  });
  return body.int32(0).string('');
}

/** Whether any partition came further. */
function take(reader: Reader, positions: Map<string, Position>): boolean {
  let moved = false;
  reader.int32(); // throttle
  answered(reader.int16(), 'a fetch');
  reader.int32(); // session
  reader.array((r) => {
    const topic = r.string();
    r.array((one) => {
      const partition = one.int32();
      answered(one.int16(), `reading ${topic}-${partition}`);
      one.count(); // high watermark, last stable offset, start: known since before
      one.count();
      one.count();
      one.array((aborted) => [aborted.int64(), aborted.int64()]);
      one.int32(); // preferred replica
      const position = positions.get(nameOf({ topic, partition }));
      if (position) moved = append(position, one.nullableBytes()) || moved;
    });
  });
  return moved;
}

/**
 * The first batch may begin before the position, when compaction or a restart cut it so; and the
 * last may end behind the end that was fixed. Both are kept out by their offsets.
 */
function append(position: Position, bytes: Buffer | null): boolean {
  const from = position.next;
  // A copy: the answer's buffer holds other partitions too and would be kept alive by a record.
  for (const batch of decodeBatches(Buffer.from(bytes ?? []))) {
    if (batch.lastOffset < position.next || batch.baseOffset >= position.end) continue;
    position.batches.push(batch);
    position.next = batch.lastOffset + 1;
  }
  return position.next > from;
}

function stuckMessage(open: readonly Position[]): string {
  const where = open.map((position) => `${nameOf(position)} at ${position.next}`).join(', ');
  return `Kafka returns nothing more before the end: ${where}`;
}
