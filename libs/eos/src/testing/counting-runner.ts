import type { Message } from 'kafkajs';
import { afterAll, beforeAll, expect } from 'vitest';
import { emit, put, type Decision } from '../decision.js';
import { Identities } from '../identity.js';
import { readTopic } from '../read-topic.js';
import type { InputRecord } from '../record.js';
import type { Connection, Log, Runner } from '../runner.js';
import { store, type State, type Store } from '../store.js';
import { transactionalRunnerWith, type Internals } from '../transactional-runner.js';
import type { Step } from '../session.js';
import {
  asking,
  feeder,
  gate,
  output,
  QUICK,
  silent,
  valueOf,
  type Feeder,
  type TestTopics,
} from './kit.js';

type Decide = (event: string, state: State, record: InputRecord) => Decision;

export interface Given {
  readonly topics: TestTopics;
  readonly decide?: Decide;
  readonly onFatal?: (error: Error) => void;
  readonly internals?: Internals;
  readonly stateless?: boolean;
  readonly log?: Log;
  readonly connection?: Partial<Connection>;
  /** Options that are none. */
  readonly more?: object;
}

/** Counts all records of a partition under one key, and says the count with each. */
export function counting(topics: TestTopics): Decide {
  const totals = totalsOf(topics);
  return (event, state, record) => {
    const count = (state.get(totals, 'all')?.count ?? 0) + 1;
    return [put(totals, 'all', { count }), emit(output(topics.output, record, { event, count }))];
  };
}

const totalsOf = (topics: TestTopics): Store<{ count: number }> =>
  store({ name: 'totals', changelog: topics.changelog, fedBy: topics.input });

/** Starts runners against one broker, and looks at what they have written. */
export function countingRunners(brokers: readonly string[]) {
  const started: Runner[] = [];
  const read = (topic: string): Promise<InputRecord[]> => readTopic({ brokers, topic });

  async function running(given: Given): Promise<Runner> {
    const { topics, decide, onFatal, internals, stateless } = given;
    const runner = transactionalRunnerWith<string>(
      // Each runner stands for a process.
      { settings: QUICK, identities: new Identities({ host: 'test', pid: 1 }), ...internals },
      {
        group: topics.group,
        topics: [topics.input],
        stores: stateless ? [] : [totalsOf(topics)],
        connection: { brokers, clientId: 'test', ordinal: 0, ...given.connection },
        log: given.log ?? silent,
        decode: (record) => {
          if (record.value?.toString() === 'unreadable') throw new Error('not a number');
          return record.value?.toString() ?? '';
        },
        decide: decide ?? counting(topics),
        onPark: (record, reason) => [emit(output(topics.output, record, { parked: reason }))],
        ...given.more,
        onFatal: onFatal ?? ((error) => expect.unreachable(error.stack)),
      },
    );
    started.push(runner);
    await runner.start();
    return runner;
  }

  return {
    running,
    read,
    values: async (topic: string): Promise<unknown[]> => (await read(topic)).map(valueOf),
    /** Committed or not: what lies in the log. */
    inTheLog: (topic: string): Promise<number> =>
      asking(brokers, async (admin) => {
        const all = { topic, partition: 0, offset: '0', readUncommitted: true };
        return (await admin.fetchRecords(all)).messages.length;
      }),
    stop: async (): Promise<void> => {
      await Promise.all(started.map((runner) => runner.stop()));
    },
  };
}

/** Runners of a test file and what they are fed with, gone when it has ended. */
export function runnersOfFile(brokers: readonly string[]) {
  const runners = countingRunners(brokers);
  let input: Feeder;
  beforeAll(async () => {
    input = await feeder(brokers);
  }, 60_000);
  afterAll(async () => {
    await runners.stop();
    await input.close();
  }, 30_000);
  const send = (topics: TestTopics, records: readonly Message[]): Promise<void> =>
    input.send(topics.input, records);
  return { ...runners, send };
}

/** Outputs and offset are sent, and the commit waits to be let go. */
export function beforeItsCommit() {
  const held = gate();
  const release = gate();
  const atStep = async (step: Step): Promise<void> => {
    if (step !== 'before commit') return;
    held.open();
    await release.opened;
  };
  return { atStep, held: held.opened, letGo: (): void => release.open() };
}
