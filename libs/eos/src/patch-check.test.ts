import { createRequire } from 'node:module';
import { afterAll, describe, expect, it } from 'vitest';
import { assertPatched, filterFaults, type AbortedFilter } from './patch-check.js';
import { kafkajsWithTheLeak } from './testing/unpatched.js';

const load = createRequire(import.meta.url);
const leaking = kafkajsWithTheLeak();
afterAll(() => leaking.remove());

describe('aborted records', () => {
  it('are withheld by the patched filter in all three cases', () => {
    const patched = load('kafkajs/src/consumer/filterAbortedMessages') as AbortedFilter;
    expect(filterFaults(patched)).toEqual([]);
  });

  it('leak through the published filter in all three cases', () => {
    expect(filterFaults(leaking.filter)).toEqual([
      'two interleaved aborts: delivers offsets [5,6,10], not [10]',
      'a fetch that starts inside two aborts: delivers offsets [7,11], not [11]',
      'a key of four zero bytes in an abort: delivers offsets [6,7,9], not [9]',
    ]);
  });

  it(
    'keep the engine from starting where the patch is missing, with the command that mends it',
    refusedWithoutThePatch,
  );
});

function refusedWithoutThePatch(): void {
  expect(() => assertPatched()).not.toThrow();
  expect(() => assertPatched(leaking.load)).toThrow(/two interleaved aborts[^]*patch-package/);
}

describe('a batch that compaction has emptied', () => {
  interface Batch {
    isEmptyDueToFiltering(): boolean;
    lastOffset(): string;
  }
  const Batch = load('kafkajs/src/consumer/batch') as new (
    topic: string,
    from: string,
    data: object,
  ) => Batch;
  const batch = (messages: object[], nextOffset: string | null): Batch =>
    new Batch('topic', '5', {
      partition: 0,
      highWatermark: '90',
      abortedTransactions: [],
      messages: Object.assign(messages, { nextOffset }),
    });
  const record = { offset: '6', isControlRecord: false, batchContext: {} };

  it('is passed, to the offset behind it', () => {
    const emptied = batch([], '9');
    expect(emptied.isEmptyDueToFiltering()).toBe(true);
    expect(emptied.lastOffset()).toBe('8');
  });

  it('is passed whole when only its last records are gone', () => {
    expect(batch([record], '9').lastOffset()).toBe('8');
  });

  it('is not seen where the fetch brought nothing', () => {
    expect(batch([], null).isEmptyDueToFiltering()).toBe(false);
  });
});
