import { once } from 'node:events';
import { guardsOff } from '../config.js';
import { emit, put } from '../decision.js';
import type { Step } from '../session.js';
import { store } from '../store.js';
import { transactionalRunnerWith } from '../transactional-runner.js';
import { SETTINGS } from '../settings.js';
import { FencedError } from '../verdicts.js';
import { output, QUICK, ready, silent, type TestTopics } from './kit.js';

/** A process of its own, to be killed: counts the records of each partition and says the count. */
interface WorkerOptions {
  readonly brokers: readonly string[];
  readonly topics: TestTopics;
  readonly ordinal?: number;
  /** Stands still at this step until it is told to go on: at its first time, or a later one. */
  readonly holdAt?: Step;
  readonly time?: number;
  /** With the session and the heartbeats of a service, not those of a test. */
  readonly asInProduction?: boolean;
  /** Says each record as it is, and counts nothing. */
  readonly echoes?: boolean;
}

/** As the services do: whoever restarts this has to wait until it is alone. */
const FENCED = 75;

const {
  brokers,
  topics,
  ordinal = 0,
  holdAt,
  time = 1,
  asInProduction = false,
  echoes = false,
} = JSON.parse(process.argv[2] ?? '{}') as WorkerOptions;
const totals = store<number>({
  name: 'totals',
  changelog: topics.changelog,
  fedBy: topics.input,
});

let times = 0;
const runner = transactionalRunnerWith<string>(
  {
    settings: asInProduction ? SETTINGS : QUICK,
    guardsOff: guardsOff(silent),
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
      if (echoes)
        return [
          emit({ ...output(topics.output, record, ''), value: record.value ?? Buffer.alloc(0) }),
        ];
      const count = (state.get(totals, 'all') ?? 0) + 1;
      return [put(totals, 'all', count), emit(output(topics.output, record, { event, count }))];
    },
    onFatal: (error) => {
      process.stderr.write(`the worker ends: ${error.message}\n`);
      process.exit(error instanceof FencedError ? FENCED : 1);
    },
  },
);

process.on('SIGTERM', () => void runner.stop().then(() => process.exit(0)));
process.send?.('loaded');
await runner.start();
if (!process.send) void ready(runner).then(() => process.stdout.write('ready\n'));
