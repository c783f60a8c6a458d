import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { Load } from './patch-check.js';
import { installed, kafkajsWithout, type Patch } from './testing/unpatched.js';

/** Each patch's failing case, on the client as it was published and on ours. */
const copies: { remove(): void }[] = [];
afterAll(() => copies.forEach((copy) => copy.remove()));

function published(patch: Patch): Load {
  const copy = kafkajsWithout(patch);
  copies.push(copy);
  return copy.load;
}

describe('an idle connection', () => {
  interface Queue {
    push(request: object): void;
    fulfillRequest(answer: { correlationId: number; size: number; payload: null }): void;
    maybeThrottle(ms: number): void;
  }
  const silent = { debug: () => undefined, warn: () => undefined };
  const SECOND = 1_000;

  function queueOf(load: Load) {
    const Queue = load('kafkajs/src/network/requestQueue') as new (options: object) => Queue;
    const queue = new Queue({
      ...{ maxInFlightRequests: 1, requestTimeout: SECOND, enforceRequestTimeout: true },
      ...{ clientId: 'test', broker: 'none', logger: silent },
    });
    const sent: number[] = [];
    const failed: Error[] = [];
    const ask = (correlationId: number): void =>
      queue.push({
        entry: { correlationId, resolve: () => undefined, reject: (e: Error) => failed.push(e) },
        expectResponse: true,
        sendRequest: () => sent.push(correlationId),
      });
    const answer = (correlationId: number): void =>
      queue.fulfillRequest({ correlationId, size: 0, payload: null });
    return { queue, ask, answer, sent, failed };
  }

  afterEach(() => vi.useRealTimers());

  it('has no timer left once all is answered; as published it wakes up for ever', () => {
    vi.useFakeTimers();
    const timersAfter = (load: Load): number => {
      const { ask, answer } = queueOf(load);
      ask(1);
      answer(1);
      vi.advanceTimersByTime(SECOND);
      const left = vi.getTimerCount();
      vi.clearAllTimers();
      return left;
    };
    expect(timersAfter(installed)).toBe(0);
    expect(timersAfter(published('idle-timer'))).toBeGreaterThan(0);
  });

  it('still gives up a request that is not answered, and sends what waits behind it', () => {
    vi.useFakeTimers();
    const { ask, sent, failed } = queueOf(installed);
    ask(1);
    ask(2);
    expect(sent).toEqual([1]);
    vi.advanceTimersByTime(SECOND + 200);
    expect(failed.map(({ message }) => message)).toEqual([expect.stringContaining('timed out')]);
    expect(sent).toEqual([1, 2]);
  });

  it('still sends what the broker has asked to hold back, when the time has come', () => {
    vi.useFakeTimers();
    const { queue, ask, sent } = queueOf(installed);
    queue.maybeThrottle(SECOND / 2);
    ask(1);
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(SECOND);
    expect(sent).toEqual([1]);
  });
});

describe('messages of one partition', () => {
  type Group = (input: {
    topic: string;
    partitionMetadata: object[];
    messages: { partition: number }[];
    partitioner(about: { message: { partition: number } }): number;
  }) => Record<string, object[]>;
  const groupOf = (load: Load): Group =>
    load('kafkajs/src/producer/groupMessagesPerPartition') as Group;
  const MESSAGES = 5_000;
  const messages = Array.from({ length: MESSAGES }, (_, i) => ({ partition: i % 2, number: i }));

  function grouped(group: Group) {
    const from = performance.now();
    const partitioner = ({ message }: { message: { partition: number } }) => message.partition;
    const groups = group({ topic: 't', partitionMetadata: [{}], messages, partitioner });
    return { groups, ms: performance.now() - from };
  }

  /** Of several tries: a busy machine slows one or the other. */
  const quickest = (group: Group) =>
    Array.from({ length: 5 }, () => grouped(group)).reduce((one, other) =>
      other.ms < one.ms ? other : one,
    );

  it('are grouped as before, many times faster than by copying them again and again', () => {
    const ours = quickest(groupOf(installed));
    const theirs = quickest(groupOf(published('grouping')));
    expect(ours.groups).toEqual(theirs.groups);
    expect(ours.groups[1]).toEqual(messages.filter(({ partition }) => partition === 1));
    expect(theirs.ms / ours.ms).toBeGreaterThan(5);
  });
});

describe('an answer with one record batch', () => {
  type Decode = (decoder: object) => Promise<{ nextOffset?: string | null } & object[]>;
  interface Batch {
    readonly messages: readonly object[];
    isEmptyDueToFiltering(): boolean;
    lastOffset(): string;
  }
  const [BASE, LAST_DELTA] = [5n, 3];
  const LONG = 200_000;

  /** As compaction leaves it: of format 2, without a record. */
  function emptied(): Buffer {
    const bytes = Buffer.alloc(61);
    bytes.writeBigInt64BE(BASE, 0);
    bytes.writeInt32BE(bytes.length - 12, 8);
    bytes.writeInt8(2, 16);
    bytes.writeInt32BE(LAST_DELTA, 23);
    return bytes;
  }

  function long(): Buffer {
    const encode = installed('kafkajs/src/protocol/recordBatch/flatBatch');
    const messages = Array.from({ length: LONG }, () => ({ key: null, value: null }));
    const times = { now: 1, firstTimestamp: 1, maxTimestamp: 1 };
    const producer = { producerId: '-1', producerEpoch: 0, transactional: false };
    return (encode as (about: object) => Buffer)({ messages, ...times, ...producer });
  }

  /** What its consumer is told when it asks for that offset. */
  async function read(load: Load, batch: Buffer, from: string): Promise<Batch> {
    const Decoder = load('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object;
    const decode = load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages') as Decode;
    const Batch = load('kafkajs/src/consumer/batch') as new (...args: unknown[]) => Batch;
    const length = Buffer.alloc(4);
    length.writeInt32BE(batch.length);
    const messages = await decode(new Decoder(Buffer.concat([length, batch])));
    const data = { partition: 0, highWatermark: '90', abortedTransactions: [], messages };
    return new Batch('topic', from, data);
  }

  it('emptied by compaction is passed; as published it is asked for, for ever', async () => {
    const ours = await read(installed, emptied(), '6');
    expect(ours.isEmptyDueToFiltering()).toBe(true);
    expect(ours.lastOffset()).toBe('8');
    const theirs = await read(published('compacted-batches'), emptied(), '6');
    expect(theirs.isEmptyDueToFiltering()).toBe(false);
  });

  it('of 200,000 records is read, every one; as published none of them is', async () => {
    const ours = await read(installed, long(), '0');
    expect(ours.messages).toHaveLength(LONG);
    expect(ours.lastOffset()).toBe(String(LONG - 1));
    const theirs = read(published('compacted-batches'), long(), '0');
    await expect(theirs).rejects.toThrow('Maximum call stack size exceeded');
  });
});
