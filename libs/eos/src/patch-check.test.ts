import { afterAll, describe, expect, it } from 'vitest';
import { abortedFilterOf, assertPatched, filterFaults, type Load } from './patch-check.js';
import { installed, kafkajsWithout, type Patch } from './testing/unpatched.js';

const leaking = kafkajsWithout('aborted-filter');
afterAll(() => leaking.remove());

describe('aborted records', () => {
  it('are withheld by the patched filter in all three cases', () => {
    expect(filterFaults(abortedFilterOf(installed))).toEqual([]);
  });

  it('leak through the published filter in all three cases', () => {
    expect(filterFaults(abortedFilterOf(leaking.load))).toEqual([
      'two interleaved aborts: delivers offsets [5,6,10], not [10]',
      'a fetch that starts inside two aborts: delivers offsets [7,11], not [11]',
      'a key of four zero bytes in an abort: delivers offsets [6,7,9], not [9]',
    ]);
  });
});

it.each([
  ['aborted-filter', /two interleaved aborts/],
  ['compacted-batches', /a batch without records stops the consumer/],
  ['partition-fetch', /fetchRecords is missing/],
  ['static-membership', /halts its whole group/],
  ['idle-timer', /idle connection wakes up/],
  ['grouping', /block the process/],
  ['flat-encoding', /a buffer for each record that is sent/],
  ['flat-decoding', /a buffer for each record that is read/],
  ['default-offset', /committed that nobody has asked for/],
] satisfies [Patch, RegExp][])(
  'the engine does not start without the patch %s, and says the command that mends it',
  (patch, fault) => {
    const copy = kafkajsWithout(patch);
    try {
      expect(() => assertPatched(copy.load)).toThrow(fault);
      expect(() => assertPatched(copy.load)).toThrow(/patch-package --patch-dir/);
    } finally {
      copy.remove();
    }
  },
);

it.each(['src/consumer/offsetManager/index.js', 'src/protocol/requests/offsetCommit/index.js'])(
  'the engine does not start when commits are nameless, by %s',
  (part) => {
    const copy = kafkajsWithout('static-membership', part);
    try {
      expect(() => assertPatched(copy.load)).toThrow(/a replaced worker takes its place again/);
    } finally {
      copy.remove();
    }
  },
);

describe('the engine does not start with an older version of a patch', () => {
  it.each([
    ['compacted-batches', 'src/protocol/requests/fetch/v4/decodeMessages.js', /130,000 records/],
    ['flat-encoding', 'src/protocol/encoder.js', /a buffer for each record that is sent/],
  ] satisfies [Patch, string, RegExp][])('%s without its part in %s', (patch, part, fault) => {
    const copy = kafkajsWithout(patch, part);
    try {
      expect(() => assertPatched(copy.load)).toThrow(fault);
    } finally {
      copy.remove();
    }
  });

  it('flat-encoding that copies a large buffer', () => {
    const Encoder = installed('kafkajs/src/protocol/encoder') as new () => EncoderLike;
    class Copying extends Encoder {
      override writeBufferInternal(buffer: Buffer): void {
        super.writeBufferInternal(Buffer.from(buffer));
      }
    }
    const load = instead('kafkajs/src/protocol/encoder', Copying);
    expect(() => assertPatched(load)).toThrow(/a buffer for each record that is sent/);
  });

  it('flat-decoding that reads all of a record at once', () => {
    const path = 'kafkajs/src/protocol/recordBatch/record/v0/decoder';
    const decode = installed(path) as (...args: unknown[]) => { headers: object };
    const load = instead(path, (...args: unknown[]) => ({ headers: decode(...args).headers }));
    expect(() => assertPatched(load)).toThrow(/a buffer for each record that is read/);
  });

  interface EncoderLike {
    writeBufferInternal(buffer: Buffer): void;
  }
  const instead =
    (replaced: string, part: unknown): Load =>
    (path) =>
      path === replaced ? part : installed(path);
});

it('the engine starts where all patches are applied', () => {
  expect(() => assertPatched()).not.toThrow();
});

describe('a batch that compaction has emptied', () => {
  interface Batch {
    isEmptyDueToFiltering(): boolean;
    lastOffset(): string;
  }
  const Batch = installed('kafkajs/src/consumer/batch') as new (
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
