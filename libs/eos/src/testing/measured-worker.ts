import { setTimeout as pause } from 'node:timers/promises';
import { emit, put, type Decision } from '../decision.js';
import type { InputRecord } from '../record.js';
import type { Log } from '../runner.js';
import { store, type State } from '../store.js';
import { transactionalRunner, type TransactionalRunnerOptions } from '../transactional-runner.js';
import { atLeastOnceRunner } from './at-least-once.js';

/**
 * A process that the bench measures: counts the records of each customer in a store, and writes
 * each record anew, with the count. bench/src/engine/StreamsSide.java does the same in Kafka
 * Streams. It says "ready" when it works, and on the way how long restoring took.
 */
interface MeasuredOptions {
  readonly brokers: readonly string[];
  readonly group: string;
  readonly input: string;
  readonly output: string;
  readonly changelog: string;
  readonly guarantee: 'exactly once' | 'at least once';
  readonly commitIntervalMs?: number;
}

interface Order {
  readonly customer: string;
}

const options = JSON.parse(process.argv[2] ?? '{}') as MeasuredOptions;
const { brokers, group, input, output, changelog, guarantee, commitIntervalMs = 0 } = options;
const counts = store<number>({ name: 'counts', changelog, fedBy: input });
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const log: Log = {
  info: (_, message) => say(message),
  warn: (_, message) => say(message),
  error: (_, message) => say(message),
};

function decide(order: Order, state: State, record: InputRecord): Decision {
  const seen = (state.get(counts, order.customer) ?? 0) + 1;
  const value = Buffer.from(JSON.stringify({ ...order, seen }), 'utf8');
  const { partition } = record;
  return [
    put(counts, order.customer, seen),
    emit({ topic: output, partition, key: order.customer, value, headers: {} }),
  ];
}

const runnerOptions: TransactionalRunnerOptions<Order> = {
  group,
  topics: [input],
  stores: [counts],
  connection: { brokers, clientId: group, ordinal: 0 },
  log,
  decode: ({ value }) => JSON.parse(value?.toString('utf8') ?? '') as Order,
  decide,
  commitIntervalMs,
  onFatal: (error) => {
    say(`ends: ${error.stack}`);
    process.exit(1);
  },
};
const runner =
  guarantee === 'exactly once'
    ? transactionalRunner(runnerOptions)
    : atLeastOnceRunner(runnerOptions);

process.on('SIGTERM', () => void runner.stop().then(() => process.exit(0)));
await runner.start();
while (!runner.health().ready) await pause(5);
say('ready');
