import { checksum, JavaWitness } from '@checkout/local';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import type { Step } from './session.js';
import { committed, feeder, numbered, topicsFor, until, type Feeder } from './testing/kit.js';
import { witnessed, type WitnessedLog } from './testing/witnessed-log.js';
import { killed, killWorkers, startWorker, told } from './testing/worker-process.js';

/**
 * Real processes and kill -9 between the steps of a Kafka transaction. The judge is Kafka's own
 * client, and what lies in the broker's files.
 */
vi.setConfig({ testTimeout: 60_000 });
const brokers = inject('brokers');
const java = new JavaWitness(inject('runDir'), brokers);
/** As many as the witness looks at; one is worked on. */
const PARTITIONS = 3;
let input: Feeder;

beforeAll(async () => {
  input = await feeder(brokers);
});
afterAll(async () => {
  await killWorkers();
  await input.close();
  await java.end();
});

async function firstPartitionOf(topic: string): Promise<WitnessedLog | undefined> {
  return (await witnessed(java, topic))[0];
}

interface Killed {
  readonly at: Step;
  /** Changelog records that lie in the log and are never read. */
  readonly aborted: number;
}

it.concurrent.each([
  { at: 'before send', aborted: 0 },
  { at: 'sent', aborted: 1 },
  { at: 'before commit', aborted: 1 },
  { at: 'committed', aborted: 0 },
] satisfies Killed[])(
  'killed when it is at "$at", its successor has the right state',
  async (step) => {
    const topics = await topicsFor(brokers, { partitions: PARTITIONS });
    const allOf = (offset: number) => async () => (await committed(brokers, topics)) === offset;

    // What one send has brought is one Kafka transaction: the second one is held up.
    const doomed = startWorker({ brokers, topics, holdAt: step.at, time: 2 });
    await input.send(topics.input, numbered(5));
    await until('the first five', allOf(5));
    await input.send(topics.input, numbered(5, 5));
    await told(doomed, 'held');
    await killed(doomed);

    const successor = startWorker({ brokers, topics });
    await input.send(topics.input, numbered(5, 10));
    await until('all', allOf(15));
    await killed(successor);

    const outputs = await firstPartitionOf(topics.output);
    expect(outputs?.visible.map(([, line]) => contentOf(line))).toEqual(
      Array.from({ length: 15 }, (_, i) => contentIs(`k${i}`, { event: String(i), count: i + 1 })),
    );
    const changelog = await firstPartitionOf(topics.changelog);
    const states = Array.from({ length: 15 }, (_, i) => contentIs('all', i + 1));
    const puts = changelog?.visible.map(([, line]) => states.indexOf(contentOf(line)) + 1) ?? [];
    expect(puts).not.toContain(0);
    expect(puts.at(-1)).toBe(15);
    expect(puts).toEqual(puts.toSorted((a, b) => a - b));
    expect(changelog?.aborted).toHaveLength(step.aborted);
  },
);

const contentOf = (line: string): number => Number(line.split(' ').at(-1));

const contentIs = (key: string, value: unknown): number =>
  checksum({ key: Buffer.from(key), value: Buffer.from(JSON.stringify(value)), headers: [] });
