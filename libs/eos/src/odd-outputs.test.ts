import { expect, inject, it, vi } from 'vitest';
import { emit, park, type Decision } from './decision.js';
import type { InputRecord } from './record.js';
import type { Step } from './session.js';
import type { State } from './store.js';
import { runnersOfFile } from './testing/counting-runner.js';
import {
  IMPATIENT,
  asking,
  committed,
  numbered,
  output,
  QUICK,
  topicsFor,
  until,
} from './testing/kit.js';
import { BugError } from './verdicts.js';

/** What cannot be written is never left out in silence, and nothing is tried for ever. */
vi.setConfig({ testTimeout: 60_000 });
const brokers = inject('brokers');
const runners = runnersOfFile(brokers);

const ends = (): PromiseWithResolvers<Error> => Promise.withResolvers<Error>();

it('an output for a partition that there is not holds its offset back', async () => {
  const topics = await topicsFor(brokers);
  const decide = (event: string, _: State, record: InputRecord): Decision => [
    emit({ ...output(topics.output, record, event), partition: event === '1' ? 7 : 0 }),
  ];
  const fatal = ends();
  await runners.send(topics, numbered(3));
  const internals = { settings: { ...IMPATIENT, recordsPerTransaction: 1 } };
  await runners.running({ topics, stateless: true, decide, onFatal: fatal.resolve, internals });
  expect((await fatal.promise).message).toBe(`${topics.output} has no partition 7`);
  expect(await committed(brokers, topics)).toBe(1);
  expect(await runners.values(topics.output)).toEqual(['0']);
});

it('a partition that comes while it works is written to', async () => {
  const topics = await topicsFor(brokers);
  let partition = 0;
  const decide = (event: string, _: State, record: InputRecord): Decision => [
    emit({ ...output(topics.output, record, event), partition }),
  ];
  await runners.send(topics, numbered(1));
  const internals = { settings: QUICK };
  await runners.running({ topics, stateless: true, decide, internals });
  await until('1', async () => (await committed(brokers, topics)) === 1);
  const topicPartitions = [{ topic: topics.output, count: 2 }];
  await asking(brokers, (admin) => admin.createPartitions({ topicPartitions }));
  partition = 1;
  await runners.send(topics, numbered(3, 1));
  await until('4', async () => (await committed(brokers, topics)) === 4);
  const written = await asking(brokers, (admin) => admin.fetchTopicOffsets(topics.output));
  const ends = new Map(written.map((one) => [one.partition, Number(one.offset)]));
  // The records, and the marker of each commit.
  expect(ends.get(0)).toBe(2);
  expect(ends.get(1)).toBeGreaterThanOrEqual(4);
});

it('poison of the largest size is parked, and what cannot be said of it is left out', async () => {
  const topics = await topicsFor(brokers);
  const large = 'x'.repeat(1_048_400);
  await runners.send(topics, [{ value: large }, { value: 'marked' }, { value: 'fine' }]);
  const decide = (event: string, _: State, record: InputRecord): Decision =>
    event === 'fine' ? [emit(output(topics.output, record, event))] : park('no');
  const more = {
    onPark: (record: InputRecord) => [
      emit({ ...output(topics.output, record, String(record.value)), key: '\0\0\0\0' }),
    ],
  };
  await runners.running({ topics, stateless: true, decide, more });
  await until('3', async () => (await committed(brokers, topics)) === 3);
  expect(await runners.values(topics.output)).toEqual(['fine']);
  const parked = await runners.read(topics.parked);
  expect(parked.map(({ value }) => value?.length)).toEqual([large.length, 'marked'.length]);
  expect(parked.map(({ headers }) => headers['dlq-reason'])).toEqual([
    'no; what was to be said of it: its output is larger than a record may be',
    'no; what was to be said of it: its output has the key of an abort marker',
  ]);
});

it('what can be neither worked on nor parked ends the process at once', async () => {
  const topics = await topicsFor(brokers);
  const fatal = ends();
  await runners.send(topics, [{ value: 'x'.repeat(5_000) }]);
  const decide = (): Decision => {
    return park('no');
  };
  const more = { onPark: () => [] };
  const given = { topics, stateless: true, decide, more, onFatal: fatal.resolve };
  const refusing = (): Promise<unknown> =>
    asking(brokers, (admin) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [
          {
            ...{ type: 2, name: topics.parked },
            configEntries: [{ name: 'max.message.bytes', value: '3000' }],
          },
        ],
      }),
    );
  let isRefusing: Promise<unknown> | undefined;
  const atStep = async (step: Step): Promise<void> => {
    if (step === 'before send') await (isRefusing ??= refusing());
  };
  await runners.running({ ...given, internals: { settings: QUICK, atStep } });
  const error = await fatal.promise;
  expect(error).toBeInstanceOf(BugError);
  expect(error.message).toMatch(/@0 can be neither worked on nor parked: /);
});

it('commits that always come too late end the process', async () => {
  const topics = await topicsFor(brokers);
  const fatal = ends();
  let tries = 0;
  const atStep = async (step: Step): Promise<void> => {
    if (step !== 'before commit') return;
    tries++;
    const isAborted = async (): Promise<boolean> => {
      const [log] = await asking(brokers, (admin) => admin.fetchTopicOffsets(topics.output));
      return Number(log?.offset) >= 2 * tries;
    };
    await until('the broker to have aborted it', isAborted);
  };
  const decide = (event: string, _: State, record: InputRecord): Decision => [
    emit(output(topics.output, record, event)),
  ];
  await runners.send(topics, numbered(1));
  const internals = { settings: IMPATIENT, atStep };
  await runners.running({ topics, stateless: true, decide, onFatal: fatal.resolve, internals });
  await fatal.promise;
  expect(tries).toBeGreaterThan(1);
  expect(await committed(brokers, topics)).toBe(-1);
});
