import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checksum, JavaWitness, startSystem, type System } from '@checkout/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fatesOf } from '../evidence/fates.js';
import { withCluster } from './cluster.js';
import { fetchAll } from './fetch.js';
import { extentsOf, nameOf } from './offsets.js';
import { readKafka } from './read-kafka.js';
import { endingOf, type Batch } from './record-batch.js';

vi.setConfig({ testTimeout: 90_000 });

let runDir: string;
let system: System;
let java: JavaWitness;

beforeAll(async () => {
  runDir = mkdtempSync(join(tmpdir(), 'proof-broker-'));
  system = await startSystem({ only: ['broker'], runDir });
  java = new JavaWitness(runDir, system.brokers);
}, 180_000);

afterAll(async () => {
  await java.end();
  await system.stop();
  rmSync(runDir, { recursive: true, force: true });
}, 30_000);

/** What the judge reads, in the words of the Java program. */
async function said(topic: string): Promise<string[]> {
  const evidence = await readKafka({
    brokers: system.brokers,
    topics: (name) => name === topic,
    subscriptions: [],
  });
  const { extents, batches } = await withCluster(system.brokers, async (cluster) => {
    const partitions = cluster.partitions.filter((one) => one.topic === topic);
    const extents = await extentsOf(cluster, partitions);
    return { extents, batches: await fetchAll(cluster, extents) };
  });
  return [
    ...extents.flatMap((extent) =>
      (batches.get(nameOf(extent)) ?? []).flatMap((batch) => batchLines(extent.partition, batch)),
    ),
    ...evidence.logs.flatMap((log) => {
      const fates = fatesOf(log);
      const visible = log.records.filter(
        (record) => fates.get(record) === 'committed' && record.offset < log.lastStable,
      );
      return visible.map(({ offset }) => `visible ${log.partition} ${offset}`);
    }),
    ...evidence.logs.map(({ partition, lastStable }) => `stable ${partition} ${lastStable}`),
  ];
}

function batchLines(partition: number, batch: Batch): string[] {
  const { baseOffset, lastOffset, producerId, epoch, transactional, control, records } = batch;
  const lines = records.map((record) => {
    const { offset, timestamp } = record;
    if (control) return `ending ${partition} ${offset} ${endingOf(record)}`;
    return `record ${partition} ${offset} ${timestamp} ${checksum(record)}`;
  });
  const words = [partition, baseOffset, lastOffset, producerId, epoch, transactional, control];
  return [...lines, `batch ${words.join(' ')} ${records.length}`];
}

const count = (lines: readonly string[], pattern: RegExp): number =>
  lines.filter((line) => pattern.test(line)).length;

describe('what the judge reads of Kafka is what Kafka’s own classes read', () => {
  it.each([1, 2, 3])('of interleaved Kafka transactions, plan %d', async (seed) => {
    const topic = `interleaved-${seed}`;
    await java.ask('interleave', topic, seed);
    // The last markers may be on their way still.
    const [theirs, ours] = await sameMoment(topic);
    expect(ours.toSorted()).toEqual(theirs.toSorted());

    expect(count(theirs, /^ending .* commit/)).toBeGreaterThan(10);
    expect(count(theirs, /^ending .* abort/)).toBeGreaterThan(10);
    expect(count(theirs, /^batch .* true false/)).toBeGreaterThan(50);
    const open = await readKafka({
      brokers: system.brokers,
      topics: (name) => name === topic,
      subscriptions: [],
    });
    // Two producers have left their last Kafka transaction open: both witnesses know.
    const ids = open.open.map(({ transactionalId }) => transactionalId);
    expect(ids).toEqual(expect.arrayContaining([`${topic}.2`, `${topic}.3`]));
    expect(open.open.some(({ topic: where }) => where === topic)).toBe(true);
  });

  it('of a compacted topic, with gaps, empty batches and markers alone', async () => {
    await java.ask('compact', 'compacted');
    const [theirs, ours] = await sameMoment('compacted');
    expect(ours.toSorted()).toEqual(theirs.toSorted());
    expect(count(theirs, /^batch .* 0$/)).toBeGreaterThan(0);
    expect(count(theirs, /^visible/)).toBeGreaterThan(0);
  });
});

describe('what the judge must not overlook', () => {
  it('is a header that stands on a record twice', async () => {
    await java.ask('twice', 'ambiguous');
    const topics = (name: string): boolean => name === 'ambiguous';
    const { logs } = await readKafka({ brokers: system.brokers, topics, subscriptions: [] });
    const records = logs.flatMap((log) => log.records);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ headers: { id: 'k3' }, repeatedHeaders: ['id'] });
  });

  it.each([
    ['the engine', 'a.group.passed.0'],
    ['Kafka Streams', 'a.group-5d0c3f4e-1'],
  ])('is an open Kafka transaction of a group of %s that writes only offsets', async (_, id) => {
    const topic = `passed-${id}`;
    await java.ask('twice', topic);
    await java.ask('pass', topic, 'a.group', id);
    const openOf = async (group: string): Promise<(string | null)[]> => {
      const topics = (name: string): boolean => name === topic;
      const subscriptions = [{ topic, group }];
      const { open } = await readKafka({ brokers: system.brokers, topics, subscriptions });
      return open.map(({ transactionalId }) => transactionalId);
    };
    expect(await openOf('a.group')).toContain(id);
    expect(await openOf('another.group')).toEqual([]);
  });
});

/** The cleaner may be at work between the two readings. */
async function sameMoment(topic: string): Promise<[string[], string[]]> {
  for (;;) {
    const before = await java.say(topic);
    const ours = await said(topic);
    const after = await java.say(topic);
    if (before.join() === after.join()) return [after, ours];
  }
}
