import { once } from 'node:events';
import { emit, put } from '../decision.js';
import type { Step } from '../session.js';
import { store } from '../store.js';
import { transactionalRunnerWith } from '../transactional-runner.js';
import { output, QUICK, silent, type TestTopics } from './kit.js';

/** A process of its own, to be killed: counts the records of each partition and says the count. */
interface WorkerOptions {
  readonly brokers: readonly string[];
  readonly topics: TestTopics;
  readonly ordinal?: number;
  /** Stands still at this step until it is told to go on: at its first time, or a later one. */
  readonly holdAt?: Step;
  readonly time?: number;
}

const {
  brokers,
  topics,
  ordinal = 0,
  holdAt,
  time = 1,
} = JSON.parse(process.argv[2] ?? '{}') as WorkerOptions;
const totals = store<number>({
  name: 'totals',
  changelog: topics.changelog,
  fedBy: topics.input,
});

let times = 0;
const runner = transactionalRunnerWith<string>(
  {
    settings: QUICK,
    atStep: async (step) => {
      if (step !== holdAt || ++times < time) return;
      process.send?.('held');
      await once(process, 'message');
    },
  },
  {
    group: topics.group,
    topics: [topics.input],
    stores: [totals],
    connection: { brokers, clientId: 'worker', ordinal },
    log: silent,
    decode: (record) => record.value?.toString() ?? '',
    decide: (event, state, record) => {
      const count = (state.get(totals, 'all') ?? 0) + 1;
      return [put(totals, 'all', count), emit(output(topics.output, record, { event, count }))];
    },
    onFatal: (error) => {
      process.stderr.write(`the worker ends: ${error.message}\n`);
      process.exit(1);
    },
  },
);

await runner.start();
