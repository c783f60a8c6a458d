import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, it, vi } from 'vitest';
import { consumeRecord } from './consume-record.js';
import { emit } from './decision.js';
import { inboxRunnerWith } from './inbox-runner.js';
import type { Runner } from './runner.js';
import { feeder, gate, numbered, output, QUICK, silent, topicsFor, until } from './testing/kit.js';
import { transactionalRunnerWith } from './transactional-runner.js';

vi.setConfig({ testTimeout: 30_000 });
/** Patience must outlast a session and the Kafka transaction left behind in it. */
const LEAST_PATIENT = {
  ...QUICK,
  patienceMs: QUICK.sessionTimeoutMs + QUICK.transactionTimeoutMs + 1,
};
const folder = mkdtempSync(join(tmpdir(), 'eos-record-'));
const brokers = inject('brokers');
let runner: Runner | undefined;

afterAll(async () => {
  await runner?.stop();
  rmSync(folder, { recursive: true });
}, 30_000);

interface Line {
  readonly kind: string;
  readonly topic: string;
  readonly offset?: number;
  readonly end?: number;
  readonly outcome?: string;
  readonly position?: number | null;
  readonly records?: readonly (readonly [number, string | null, string])[];
}

function written(service: string): Line[] {
  const [file, ...more] = readdirSync(folder).filter((name) => name.startsWith(`${service}-0-`));
  expect(more).toEqual([]);
  const lines = readFileSync(join(folder, file ?? ''), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Line);
}

const given = async (service: string) => {
  const topics = await topicsFor(brokers);
  const input = await feeder(brokers);
  const headers = { id: 'the event' };
  await input.send(
    topics.input,
    numbered(3).map((message) => ({ ...message, headers })),
  );
  await input.close();
  const observer = consumeRecord({ folder, service, ordinal: 0 });
  const connection = { brokers, clientId: 'test', ordinal: 0, observer };
  return { topics, connection };
};

it('has what a transactional runner read, and what became of it', async () => {
  const { topics, connection } = await given('transactional');
  runner = transactionalRunnerWith<string>(
    { settings: QUICK },
    {
      ...{ group: topics.group, topics: [topics.input], connection, log: silent },
      decode: (record) => record.value?.toString() ?? '',
      decide: (event, _state, record) => [emit(output(topics.output, record, event))],
      onFatal: (error) => expect.unreachable(error.stack),
    },
  );
  await runner.start();
  await until('the outcome', () => written('transactional').some(({ kind }) => kind === 'ended'));
  await runner.stop();

  const lines = written('transactional');
  expect(lines.map(({ kind }) => kind)).toEqual(['took', 'read', 'ended']);
  expect(lines[0]).toMatchObject({ topic: topics.input, partition: 0, position: 0 });
  expect(lines[1]?.records?.map(([offset, id]) => [offset, id])).toEqual([
    [0, 'the event'],
    [1, 'the event'],
    [2, 'the event'],
  ]);
  expect(new Set(lines[1]?.records?.map(([, , hash]) => hash)).size).toBe(3);
  expect(lines[2]).toMatchObject({ end: 3, outcome: 'committed' });
});

it('has what an inbox runner read once, however often it had to try', async () => {
  const { topics, connection } = await given('inbox');
  let tries = 0;
  runner = inboxRunnerWith<null>(QUICK, {
    ...{ group: topics.group, topics: [topics.input], connection, log: silent },
    decode: () => null,
    process: async () => {
      if (tries++ === 0) throw new Error('the database is away');
    },
    onFatal: (error) => expect.unreachable(error.stack),
  });
  await runner.start();
  await until('the outcome', () => written('inbox').some(({ kind }) => kind === 'ended'));
  await runner.stop();

  const lines = written('inbox');
  expect(lines.map(({ kind }) => kind)).toEqual(['took', 'read', 'ended']);
  expect(lines[0]).toMatchObject({ position: null });
  expect(lines[2]).toMatchObject({ end: 3, outcome: 'processed' });
});

it('has that an inbox runner gave a batch up, which is then read again', async () => {
  const { topics, connection } = await given('given-up');
  let gaveUp = false;
  runner = inboxRunnerWith<null>(LEAST_PATIENT, {
    ...{ group: topics.group, topics: [topics.input], connection, log: silent },
    decode: () => null,
    process: () => Promise.reject(new Error('the database stays away')),
    onFatal: () => (gaveUp = true),
  });
  await runner.start();
  await until('the end of its patience', () => gaveUp);
  await runner.stop();

  const lines = written('given-up');
  expect(lines.map(({ kind }) => kind)).toEqual(['took', 'read', 'ended']);
  expect(lines[2]).toMatchObject({ end: 3, outcome: 'again' });
});

it('has that the group moved on under a batch, which is then read again', async () => {
  const { topics, connection } = await given('overtaken');
  const { brokers, clientId } = connection;
  const release = gate();
  let inHand = false;
  const options = {
    ...{ group: topics.group, topics: [topics.input], log: silent },
    decode: () => null,
    process: () => {
      inHand = true;
      return release.opened;
    },
    onFatal: (error: Error) => expect.unreachable(error.stack),
  };
  runner = inboxRunnerWith<null>(QUICK, { ...options, connection });
  await runner.start();
  await until('a batch in hand', () => inHand);
  const other = { brokers, clientId, ordinal: 1 };
  const newcomer = inboxRunnerWith<null>(QUICK, { ...options, connection: other });
  await newcomer.start();
  await until('both have joined', () => newcomer.health().ready);
  release.open();
  await until('the outcome', () => written('overtaken').some(({ kind }) => kind === 'ended'));
  await Promise.all([runner.stop(), newcomer.stop()]);

  const ended = written('overtaken').find(({ kind }) => kind === 'ended');
  expect(ended).toMatchObject({ end: 3, outcome: 'again' });
});
