import { emit, put, type Decision } from '../../decision.js';
import type { Guard } from '../../guards-off.js';
import { store } from '../../store.js';
import { transactionalRunnerWith } from '../../transactional-runner.js';
import { FencedError } from '../../verdicts.js';
import { silent, type TestTopics } from '../kit.js';
import { STORM } from './storm-settings.js';
import { outputOf, type Counted } from './keyed-load.js';

/** A process of its own, to be killed and frozen: counts the records of each key. */
export interface StormWorkerOptions {
  readonly brokers: readonly string[];
  readonly topics: TestTopics;
  readonly ordinal: number;
  /** To show that the verdict sees one go. */
  readonly guardsOff?: readonly Guard[];
}

const {
  brokers,
  topics,
  ordinal,
  guardsOff = [],
} = JSON.parse(process.argv[2] ?? '{}') as StormWorkerOptions;
const counts = store<Counted>({
  ...{ name: 'counts', changelog: topics.changelog, fedBy: topics.input },
});

const runner = transactionalRunnerWith<string>(
  { settings: STORM, guardsOff },
  {
    group: topics.group,
    topics: [topics.input],
    stores: [counts],
    connection: { brokers, clientId: 'storm-worker', ordinal },
    log: silent,
    decode: (record) => record.value?.toString() ?? '',
    decide: (number, state, { key }): Decision => {
      const count = (state.get(counts, key ?? '')?.count ?? 0) + 1;
      const output = outputOf({ key: key ?? '', number: Number(number), count });
      return [put(counts, key ?? '', { count }), emit({ ...output, topic: topics.output })];
    },
    onFatal: (error) => {
      process.stderr.write(`worker ${ordinal} ends: ${error.message}\n`);
      process.exit(error instanceof FencedError ? 75 : 1);
    },
  },
);

// Nobody is left who would end it.
process.on('disconnect', () => process.exit(1));
await runner.start();
