import { setTimeout as pause } from 'node:timers/promises';
import { type Log, transactionalRunner } from '@checkout/eos';
import { stagesOf } from '@checkout/eos-nest';
import { Stages } from '../stages.js';

/**
 * A process that the bench measures: the inventory stage alone, as the service runs it, and beside
 * others of its kind when there are several. It says "ready" when it works.
 */
interface WorkerOptions {
  readonly brokers: readonly string[];
  readonly ordinal: number;
}

const { brokers, ordinal } = JSON.parse(process.argv[2] ?? '{}') as WorkerOptions;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const log: Log = {
  info: (_, message) => say(message),
  warn: (_, message) => say(message),
  error: (_, message) => say(message),
};
const onFatal = (error: Error): void => {
  say(`ends: ${error.stack}`);
  process.exit(1);
};

const stage = stagesOf(new Stages()).find(({ group }) => group === 'enrichment.inventory');
if (!stage) throw new Error('there is no inventory stage');
const connection = { brokers, clientId: `inventory-${ordinal}`, ordinal };
const runner = transactionalRunner({ ...stage, connection, log, onFatal });

process.on('SIGTERM', () => void runner.stop().then(() => process.exit(0)));
await runner.start();
while (!runner.health().ready) await pause(5);
say('ready');
