import { expect, it } from 'vitest';
import { BatchFeed, type Delivered } from './batch-feed.js';
import { ReadRecord, type FetchedBatch } from './read.js';

const MAX_RECORDS = 3;

function batch(from: number, end: number, records = end - from): FetchedBatch {
  const read = Array.from({ length: records }, (_, i) => {
    const offset = String(from + i);
    const raw = { key: null, value: null, timestamp: '0', attributes: 0, offset, headers: {} };
    return new ReadRecord('in', 0, raw);
  });
  return { topic: 'in', partition: 0, from: BigInt(from), records: read, end: BigInt(end) };
}

/** A feed, the loop that pulls from it, and what each has seen. */
function given(position: number) {
  const seeks: number[] = [];
  const seen: number[][] = [];
  const feed = new BatchFeed({ seek: (to) => seeks.push(Number(to)), maxRecords: MAX_RECORDS });
  feed.joined();
  const loop = (async () => {
    for await (const { records, end } of feed.chunksFrom(BigInt(position))) {
      seen.push([...records.map(({ offset }) => Number(offset)), Number(end)]);
    }
  })();
  return { feed, loop, seeks, seen };
}

it('hands a batch over that starts at the position', async () => {
  const { feed, seen, seeks } = given(5);
  expect(await feed.deliver(batch(5, 7))).toBe('processed');
  expect(seen).toEqual([[5, 6, 7]]);
  expect(seeks).toEqual([]);
});

it('holds back the next fetch until what it has handed over is committed', async () => {
  const feed = new BatchFeed({ seek: () => undefined, maxRecords: MAX_RECORDS });
  const chunks = feed.chunksFrom(5n);
  const delivered: Delivered[] = [];
  const fetched = feed.deliver(batch(5, 7)).then((result) => delivered.push(result));
  const { value } = await chunks.next();
  expect(value?.end).toBe(7n);
  expect(delivered).toEqual([]);
  const waiting = chunks.next();
  await fetched;
  expect(delivered).toEqual(['processed']);
  feed.close();
  await waiting;
});

it('never trusts the start that kafkajs has chosen', async () => {
  const { feed, seen, seeks } = given(5);
  expect(await feed.deliver(batch(9, 10))).toBe('dropped');
  expect(await feed.deliver(batch(5, 6))).toBe('processed');
  expect(seeks).toEqual([5]);
  expect(seen).toEqual([[5, 6]]);
});

it('drops what was fetched before the seek, even if it lies ahead', async () => {
  const { feed, seen } = given(5);
  const both = [feed.deliver(batch(9, 10)), feed.deliver(batch(10, 11))];
  expect(await Promise.all(both)).toEqual(['dropped', 'dropped'] satisfies Delivered[]);
  expect(seen).toEqual([]);
});

it('accepts a later start once aligned: control records lie between', async () => {
  const { feed, seen } = given(5);
  await feed.deliver(batch(5, 6));
  expect(await feed.deliver(batch(8, 9))).toBe('processed');
  expect(seen).toEqual([
    [5, 6],
    [8, 9],
  ]);
});

it('sends kafkajs forward when it hands out again what is committed', async () => {
  const { feed, seen, seeks } = given(5);
  await feed.deliver(batch(5, 8));
  feed.joined();
  expect(await feed.deliver(batch(5, 8))).toBe('dropped');
  expect(seeks).toEqual([8]);
  expect(seen).toHaveLength(1);
});

it('cuts a long batch, and gives the end behind the control records to the last part', async () => {
  const { feed, seen } = given(0);
  await feed.deliver(batch(0, 9, 5));
  expect(seen).toEqual([
    [0, 1, 2, 3],
    [3, 4, 9],
  ]);
});

it('makes kafkajs join again once somebody else owns the partition', async () => {
  const { feed } = given(5);
  feed.fenced();
  await expect(feed.deliver(batch(5, 6))).rejects.toMatchObject({ type: 'ILLEGAL_GENERATION' });
});

it('ends the loop when it is closed, and wants nothing more', async () => {
  const { feed, loop } = given(5);
  feed.close();
  await loop;
  expect(await feed.deliver(batch(5, 6))).toBe('dropped');
});
