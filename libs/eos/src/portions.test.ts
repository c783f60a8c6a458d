import { afterEach, expect, it, vi } from 'vitest';
import { sizeOf, type Outgoing } from './outgoing.js';
import { PartitionStores } from './partition-stores.js';
import type { Plan } from './plan.js';
import { Portions } from './portions.js';
import { ReadRecord } from './read.js';

const BOUNDS = { recordsPerTransaction: 64, transactionBytes: 100_000, decideMs: 200 };
const EACH_MS = 50;
const changes = new PartitionStores([], 0).changes();

afterEach(() => vi.useRealTimers());

const reads = (count: number): ReadRecord[] =>
  Array.from({ length: count }, (_, i) => {
    const raw = { key: null, value: null, timestamp: '0', attributes: 0, headers: {} };
    return new ReadRecord('in', 0, { ...raw, offset: String(i) });
  });

/** Each record has an output of so many bytes and takes so long. */
function planning({ bytes = 0, ms = 0 }) {
  const output: Outgoing = {
    ...{ topic: 'out', partition: 0, key: null, headers: {} },
    value: Buffer.alloc(bytes),
  };
  return (some: Iterable<ReadRecord>): Plan => {
    const taken: ReadRecord[] = [];
    for (const record of some) {
      taken.push(record);
      if (ms > 0) vi.advanceTimersByTime(ms);
    }
    const records = taken.map(() => output);
    return { taken, records, bytes: taken.length * sizeOf(output), changes, parked: [] };
  };
}

const sizes = (
  portions: Portions,
  work: (some: Iterable<ReadRecord>) => Plan,
  count = 1_000,
): number => portions.first(reads(count), work).taken.length;

it('takes all when little has come, so that it is committed at once', () => {
  expect(sizes(new Portions(BOUNDS), planning({}), 1)).toBe(1);
  expect(sizes(new Portions(BOUNDS), planning({}), 3)).toBe(3);
});

it('takes as many records under load as it may hold, from the first on', () => {
  const { taken } = new Portions(BOUNDS).first(reads(1_000), planning({}));
  expect(taken.map(({ offset }) => Number(offset))).toEqual([...Array(64).keys()]);
});

it('keeps within its bytes, also where a few records say much', () => {
  const size = sizes(new Portions(BOUNDS), planning({ bytes: 9_000 }));
  expect(size).toBeLessThanOrEqual(11);
  expect(size).toBeGreaterThan(4);
});

it('takes one record at least, however large', () => {
  expect(sizes(new Portions(BOUNDS), planning({ bytes: 500_000 }))).toBe(1);
});

it('takes no more once deciding has taken its time, so that heartbeats go on', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  expect(sizes(new Portions(BOUNDS), planning({ ms: EACH_MS }))).toBe(5);
});

it('halves after a failure down to one record, and grows again with success', () => {
  const portions = new Portions(BOUNDS);
  const seen: number[] = [];
  const next = (): number => seen.push(sizes(portions, planning({})));
  for (let failure = 0; failure < 8; failure++) (next(), portions.failed());
  for (let success = 0; success < 8; success++) (next(), portions.committed());
  expect(seen).toEqual([64, 32, 16, 8, 4, 2, 1, 1, 1, 2, 4, 8, 16, 32, 64, 64]);
});

it('takes one record at a time after a refusal, to find which it is', () => {
  const portions = new Portions(BOUNDS);
  portions.refused();
  expect(sizes(portions, planning({}))).toBe(1);
});
