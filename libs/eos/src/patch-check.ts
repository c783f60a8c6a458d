/**
 * Refuses to start on a kafkajs without our patches.
 *
 * Threat: somebody installs the packages anew and forgets the patches. Everything works, until two
 * aborted Kafka transactions interleave in one partition and a rolled-back event is delivered as if
 * it had happened. So the loaded code itself is asked, with the cases it must get right.
 */
import { createRequire } from 'node:module';
import type * as kafkajs from 'kafkajs';
import { BugError } from './verdicts.js';

export interface FilterMessage {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly isControlRecord: boolean;
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
}
export type AbortedFilter = (input: {
  messages: FilterMessage[];
  abortedTransactions: { producerId: string; firstOffset: string }[];
}) => FilterMessage[];

/** Finds a file of kafkajs by its path. */
export type Load = (path: string) => unknown;

export const abortedFilterOf = (load: Load): AbortedFilter =>
  load('kafkajs/src/consumer/filterAbortedMessages') as AbortedFilter;

const MENDED_BY = 'node_modules/.bin/patch-package --patch-dir libs/eos/patches --error-on-fail';

export function assertPatched(load: Load = createRequire(import.meta.url)): void {
  const faults = [...filterFaults(abortedFilterOf(load)), ...missing(load)];
  if (faults.length === 0) return;
  const list = faults.map((fault) => `  - ${fault}`).join('\n');
  throw new BugError(`kafkajs is not patched:\n${list}\nRun npm start, or: ${MENDED_BY}`);
}

/** The three cases of the aborted-record leak, each with what must be delivered. */
export function filterFaults(filter: AbortedFilter): string[] {
  return FILTER_CASES.flatMap(({ name, messages, aborted, delivered }) => {
    const abortedTransactions = aborted.map(([producerId, firstOffset]) => ({
      producerId,
      firstOffset: String(firstOffset),
    }));
    const offsets = filter({ messages, abortedTransactions })
      .filter((message) => !message.isControlRecord)
      .map((message) => Number(message.offset));
    if (offsets.join() === delivered.join()) return [];
    return [`${name}: delivers offsets [${offsets.join()}], not [${delivered.join()}]`];
  });
}

interface FilterCase {
  readonly name: string;
  readonly messages: FilterMessage[];
  /** Producer and first offset, in the order of the abort markers, as the broker lists them. */
  readonly aborted: readonly (readonly [string, number])[];
  readonly delivered: readonly number[];
}

const inTransaction = true;

const record = (
  offset: number,
  producerId: string,
  key = Buffer.from(`key-${offset}`),
): FilterMessage => ({
  offset: String(offset),
  key,
  isControlRecord: false,
  batchContext: { producerId, inTransaction },
});

const abortMarker = (offset: number, producerId: string): FilterMessage => ({
  offset: String(offset),
  key: Buffer.from([0, 0, 0, 0]),
  isControlRecord: true,
  batchContext: { producerId, inTransaction },
});

const FILTER_CASES: readonly FilterCase[] = [
  {
    name: 'two interleaved aborts',
    messages: [
      record(5, 'a'),
      record(6, 'a'),
      record(7, 'b'),
      abortMarker(8, 'b'),
      abortMarker(9, 'a'),
      record(10, 'c'),
    ],
    aborted: [
      ['b', 7],
      ['a', 5],
    ],
    delivered: [10],
  },
  {
    name: 'a fetch that starts inside two aborts',
    messages: [
      record(7, 'b'),
      record(8, 'a'),
      abortMarker(9, 'a'),
      abortMarker(10, 'b'),
      record(11, 'c'),
    ],
    aborted: [
      ['a', 5],
      ['b', 6],
    ],
    delivered: [11],
  },
  {
    name: 'a key of four zero bytes in an abort',
    messages: [
      record(5, 'a'),
      record(6, 'a', Buffer.from([0, 0, 0, 0])),
      record(7, 'a'),
      abortMarker(8, 'a'),
      record(9, 'a'),
    ],
    aborted: [['a', 5]],
    delivered: [9],
  },
];

/** The other patches: each by what it alone brings. */
function missing(load: Load): string[] {
  const faults: readonly [boolean, string][] = [
    [passesEmptied(load), 'compacted batches: a batch without records stops the consumer'],
    [readsLong(load), 'compacted batches: a batch of 130,000 records cannot be read'],
    [fetchesPartitions(load), 'partition fetch: admin.fetchRecords is missing'],
    [namesMembers(load), 'static membership: a restarted worker halts its whole group'],
    [namesCommits(load), 'static membership: a replaced worker takes its place again'],
    [startsOver(load), 'default offset: an offset is committed that nobody has asked for'],
    [rests(load), 'idle timer: each idle connection wakes up a thousand times a second'],
    [groupsInPlace(load), 'grouping: many messages in one send block the process'],
    [encodesFlat(load), 'flat encoding: there is a buffer for each record that is sent'],
    [decodesFlat(load), 'flat decoding: there is a buffer for each record that is read'],
  ];
  return faults.flatMap(([isThere, fault]) => (isThere ? [] : [fault]));
}

function passesEmptied(load: Load): boolean {
  const Batch = load('kafkajs/src/consumer/batch') as new (
    topic: string,
    from: string,
    data: object,
  ) => { isEmptyDueToFiltering(): boolean };
  const emptied = Object.assign([], { nextOffset: '9' });
  const data = { partition: 0, highWatermark: '9', abortedTransactions: [], messages: emptied };
  return new Batch('t', '5', data).isEmptyDueToFiltering();
}

/** It is asynchronous, and nobody waits for this check: so its text is looked at. */
function readsLong(load: Load): boolean {
  return !String(load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages')).includes('(...');
}

function fetchesPartitions(load: Load): boolean {
  const { Kafka } = load('kafkajs') as typeof kafkajs;
  return 'fetchRecords' in new Kafka({ brokers: ['unused:0'], logLevel: 0 }).admin();
}

function namesMembers(load: Load): boolean {
  const Group = load('kafkajs/src/consumer/consumerGroup') as new (options: object) => {
    groupInstanceId?: string;
  };
  const logger = { namespace: () => undefined };
  return new Group({ logger, groupInstanceId: 'a-name' }).groupInstanceId === 'a-name';
}

/** Without its name a commit is a stranger's, who joins anew, in the place of its successor. */
function namesCommits(load: Load): boolean {
  const Offsets = load('kafkajs/src/consumer/offsetManager') as new (options: object) => {
    groupInstanceId?: string;
  };
  const { versions } = load('kafkajs/src/protocol/requests/offsetCommit') as {
    versions: string[];
  };
  const offsets = new Offsets({ memberAssignment: {}, groupInstanceId: 'a-name' });
  return versions.includes('7') && offsets.groupInstanceId === 'a-name';
}

function startsOver(load: Load): boolean {
  const Offsets = load('kafkajs/src/consumer/offsetManager') as { readonly prototype: object };
  return 'startOver' in Offsets.prototype;
}

function rests(load: Load): boolean {
  const Queue = load('kafkajs/src/network/requestQueue') as { readonly prototype: object };
  return 'cancelRequestTimeoutCheck' in Queue.prototype;
}

/** Whether the second message of a partition joins the first, or a copy of all is made. */
function groupsInPlace(load: Load): boolean {
  const group = load('kafkajs/src/producer/groupMessagesPerPartition') as (about: object) => void;
  const partitions: object[] = [];
  const messages = Object.assign(['first', 'second', 'third'], {
    reduce: (step: (groups: { 0?: object }, message: string) => object, groups: object) => {
      for (const message of messages) partitions.push((step(groups, message) as [object])[0]);
      return groups;
    },
  });
  group({ topic: 't', partitionMetadata: [{}], messages, partitioner: () => 0 });
  return new Set(partitions).size === 1;
}

/** A record batch is made in one buffer, which is given to the socket as it is. */
function encodesFlat(load: Load): boolean {
  const Encoder = load('kafkajs/src/protocol/encoder') as new () => Encoder;
  try {
    if (typeof load('kafkajs/src/protocol/recordBatch/flatBatch') !== 'function') return false;
  } catch {
    return false;
  }
  const encoder = new Encoder();
  if (!('writeTo' in encoder)) return false;
  const batch = Buffer.alloc(LARGE);
  const given: Buffer[] = [];
  const nothing = (): void => undefined;
  encoder.writeBuffer(batch);
  encoder.writeTo({ cork: nothing, uncork: nothing, write: (piece) => given.push(piece) });
  return given.includes(batch);
}

const LARGE = 2 ** 20;

interface Encoder {
  writeBuffer(buffer: Buffer): unknown;
  writeTo(socket: { cork(): void; uncork(): void; write(piece: Buffer): unknown }): void;
}

/**
 * Whether a record is read where it lies, when it is asked: a field of its own has been read. As
 * published, a header that is called like something every object has gets a second value, too.
 */
function decodesFlat(load: Load): boolean {
  const Decoder = load('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object;
  const decode = load('kafkajs/src/protocol/recordBatch/record/v0/decoder');
  const name = Buffer.from('constructor');
  const [none, one] = [1, 2];
  const ahead = [0, 0, 0, none, none, one, name.length * 2];
  const bytes = Buffer.concat([Buffer.from(ahead), name, Buffer.from([none])]);
  const record = (decode as (decoder: object, batch: object) => { headers: object })(
    new Decoder(bytes),
    { firstOffset: '0', firstTimestamp: '0' },
  );
  return !Object.hasOwn(record, 'headers') && Object.values(record.headers)[0] === null;
}
