import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { inboxRunnerWith, type Delivery } from './inbox-runner.js';
import type { Runner } from './runner.js';
import type { Settings } from './settings.js';
import {
  committed,
  feeder,
  gate,
  numbered,
  QUICK,
  silent,
  topicsFor,
  until,
  type Feeder,
  type TestTopics,
} from './testing/kit.js';
import { BugError } from './verdicts.js';

vi.setConfig({ testTimeout: 30_000 });
const brokers = inject('brokers');
let input: Feeder;
const runners: Runner[] = [];

beforeAll(async () => {
  input = await feeder(brokers);
}, 60_000);

afterAll(async () => {
  await Promise.all(runners.map((runner) => runner.stop()));
  await input.close();
}, 30_000);

type Batch = readonly Delivery<string>[];

interface Given {
  readonly topics: TestTopics;
  process(batch: Batch): Promise<void>;
  onFatal?(error: Error): void;
  readonly settings?: Settings;
}

async function running({ topics, process, onFatal, settings }: Given): Promise<Runner> {
  const runner = inboxRunnerWith<string>(settings ?? QUICK, {
    group: topics.group,
    topics: [topics.input],
    connection: { brokers, clientId: 'test', ordinal: 0 },
    log: silent,
    decode: (record) => {
      if (record.value?.toString() === 'unreadable') throw new Error('not a number');
      return record.value?.toString() ?? '';
    },
    process,
    onFatal: onFatal ?? ((error) => expect.unreachable(error.stack)),
  });
  runners.push(runner);
  await runner.start();
  return runner;
}

const said = (batch: Batch): string[] =>
  batch.map((delivery) => ('event' in delivery ? delivery.event : `poison: ${delivery.poison}`));

it('delivers a batch again after a failure, and commits after the success', async () => {
  const topics = await topicsFor(brokers);
  const tries: string[][] = [];
  const release = gate();
  await input.send(topics.input, numbered(3));
  await running({
    topics,
    process: async (batch) => {
      tries.push(said(batch));
      if (tries.length < 3) throw new Error('the database is away');
      await release.opened;
    },
  });

  await until('the third try', () => tries.length === 3);
  expect(await committed(brokers, topics)).toBe(-1);
  release.open();
  await until('the offset', async () => (await committed(brokers, topics)) === 3);
  expect(tries).toEqual(Array.from({ length: 3 }, () => ['0', '1', '2']));
});

it('delivers again what a dead one had processed and not committed', async () => {
  const topics = await topicsFor(brokers);
  const first: string[][] = [];
  const again: string[][] = [];
  await input.send(topics.input, numbered(2));
  await running({
    topics,
    process: async (batch) => {
      first.push(said(batch));
      await new Promise(() => {});
    },
    onFatal: () => undefined,
  });
  await until('the first delivery', () => first.length === 1);

  await running({ topics, process: async (batch) => void again.push(said(batch)) });
  await until('the offset', async () => (await committed(brokers, topics)) === 2);
  expect(again).toEqual(first);
});

it('delivers what it cannot read as poison, in its place', async () => {
  const topics = await topicsFor(brokers);
  const delivered: string[] = [];
  await input.send(topics.input, [{ value: '1' }, { value: 'unreadable' }, { value: '2' }]);
  await running({ topics, process: async (batch) => void delivered.push(...said(batch)) });
  await until('all three', () => delivered.length === 3);
  expect(delivered).toEqual(['1', 'poison: not a number', '2']);
});

it('keeps its place in the group while a batch takes longer than a session', async () => {
  const topics = await topicsFor(brokers);
  const settings = { ...QUICK, sessionTimeoutMs: 1_500, transactionTimeoutMs: 1_000 };
  let deliveries = 0;
  await input.send(topics.input, numbered(1));
  await running({
    topics,
    settings,
    process: async () => {
      deliveries++;
      await new Promise((resolve) => setTimeout(resolve, settings.sessionTimeoutMs * 1.5));
    },
  });
  await until('the offset', async () => (await committed(brokers, topics)) === 1);
  expect(deliveries).toBe(1);
});

it.each([
  ['a failure that lasts', new Error('still away'), 'still away'],
  ['a bug', new BugError('impossible'), 'impossible'],
])('ends the process after %s', async (_, error, message) => {
  const topics = await topicsFor(brokers);
  const fatal: Error[] = [];
  await input.send(topics.input, numbered(1));
  await running({
    topics,
    settings: { ...QUICK, sessionTimeoutMs: 1_000, transactionTimeoutMs: 500, patienceMs: 1_600 },
    process: () => Promise.reject(error),
    onFatal: (reason) => fatal.push(reason),
  });
  await until('the end', () => fatal.length > 0);
  expect(fatal[0]?.message).toBe(message);
  expect(await committed(brokers, topics)).toBe(-1);
});
