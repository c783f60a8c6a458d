import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { startSystem } from '@checkout/local';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { murmur2, partitionOf } from './partition.js';

describe('murmur2', () => {
  // The cases of testMurmur2 in Apache Kafka's UtilsTest.
  test.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('of "%s" is Kafka’s', (text, hash) => {
    expect(murmur2(Buffer.from(text, 'utf8'))).toBe(hash);
  });

  test('does not depend on where the bytes lie in memory', () => {
    const padded = Buffer.from('xxfoobar').subarray(2);
    expect(murmur2(padded)).toBe(-790332482);
  });
});

describe('the partition of a key', () => {
  test('is one of the partitions, whatever the key', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 1, max: 64 }),
        (key, count) => {
          const partition = partitionOf(key, count);
          expect(Number.isInteger(partition) && partition >= 0 && partition < count).toBe(true);
        },
      ),
    );
  });

  // Written down once: a key that moved would lose its order.
  test.each([
    ['018f0000-0000-7000-8000-000000000001', 0],
    ['018f0000-0000-7000-8000-000000000002', 3],
    ['espresso-cup', 1],
    ['limited-print/0', 3],
  ])('%s stays on partition %d of 4', (key, partition) => {
    expect(partitionOf(key, 4)).toBe(partition);
  });

  test('uses all partitions evenly', () => {
    const counts = [0, 0, 0, 0];
    for (let n = 0; n < 4_000; n++) counts[partitionOf(`order-${n}`, 4)]! += 1;
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});

describe('against the Java client', () => {
  const runDir = mkdtempSync(join(tmpdir(), 'events-jars-'));
  const jars = join(import.meta.dirname, '../../../deploy/local/jars/target/broker');

  // The runner's own step: it finds the jars of the broker, or Maven fetches them now, or it fails.
  beforeAll(async () => {
    const system = await startSystem({ only: ['jars'], runDir });
    await system.stop();
  }, 300_000);

  afterAll(() => rmSync(runDir, { recursive: true, force: true }));

  test('1,000 keys lie where it puts them', () => {
    const keys = fc.sample(
      fc.oneof(
        fc.uuid(),
        fc.stringMatching(/^[a-z-]{1,40}$/),
        fc.stringMatching(/^[äöüß日本語€😀]{1,9}$/u),
      ),
      1_000,
    );
    const source = join(import.meta.dirname, 'testing/JavaPartitioner.java');
    const classPath = globSync(join(jars, '*.jar')).join(delimiter);
    const output = execFileSync(
      'java',
      ['-cp', classPath, '-XX:TieredStopAtLevel=1', source, '7'],
      { input: `${keys.join('\n')}\n`, encoding: 'utf8' },
    );
    expect(output.trim().split('\n').map(Number)).toEqual(keys.map((key) => partitionOf(key, 7)));
  });
});
