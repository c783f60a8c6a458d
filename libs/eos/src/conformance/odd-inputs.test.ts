import { expect, inject, it, vi } from 'vitest';
import { emit, type Decision } from '../decision.js';
import type { InputRecord } from '../record.js';
import type { State } from '../store.js';
import { runnersOfFile } from '../testing/counting-runner.js';
import { beginning, logEndsAt } from '../testing/kafka-transaction.js';
import {
  asking,
  committed,
  kafkaOf,
  numbered,
  output,
  topicsFor,
  until,
  type TestTopics,
} from '../testing/kit.js';

/** Inputs of which little is there to be read, or less than there was. */
vi.setConfig({ testTimeout: 30_000 });
const brokers = inject('brokers');
const runners = runnersOfFile(brokers);

const echoing = (topics: TestTopics) => ({
  stateless: true,
  decide: (event: string, _: State, record: InputRecord): Decision => [
    emit(output(topics.output, { ...record, key: 'any' }, event)),
  ],
});

const offsetIs = (topics: TestTopics, offset: number): Promise<void> =>
  until(`offset ${offset}`, async () => (await committed(brokers, topics)) === offset);

/** As retention does. */
const removeBefore = ({ input: topic }: TestTopics, offset: string): Promise<void> =>
  asking(brokers, async (admin) => {
    // The client finds the leader in what an earlier question has told it.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset }] });
  });

/** What the published kafkajs takes for the marker of an abort. */
const ZERO_KEY = '\0\0\0\0';

it('records that were rolled back, keys of four zero bytes, and markers alone', async () => {
  const topics = await topicsFor(brokers);
  const { input } = topics;
  const begin = (name: string) => beginning(kafkaOf(brokers), `${input}.${name}`);
  const [lost, gone, kept] = [await begin('lost'), await begin('gone'), await begin('kept')];
  await lost.put(input, { a: 'ghost', [ZERO_KEY]: 'ghost' });
  await gone.put(input, { b: 'ghost' });
  await lost.put(input, { c: 'ghost' });
  await gone.abort();
  await logEndsAt(brokers, input, '5');
  await lost.abort();
  await kept.put(input, { d: 'one', [ZERO_KEY]: 'two' });
  await kept.commit();
  await logEndsAt(brokers, input, '9');

  const first = await runners.running({ topics, ...echoing(topics) });
  await until('what is committed', async () => (await runners.read(topics.output)).length === 2);
  await first.stop();

  // From where it stands there is nothing but markers and what was rolled back, to the very end.
  for (const name of ['x', 'y']) {
    const open = await begin(name);
    await open.put(input, { [ZERO_KEY]: 'ghost' });
    await open.abort();
  }
  await logEndsAt(brokers, input, '13');
  await runners.running({ topics, ...echoing(topics) });
  await runners.send(topics, numbered(1));
  await offsetIs(topics, 14);
  expect(await runners.values(topics.output)).toEqual(['"one"', '"two"', '0']);
});

it('a group that has forgotten where it was reads what is kept, from the oldest on', async () => {
  const topics = await topicsFor(brokers);
  await runners.send(topics, numbered(5));
  const first = await runners.running({ topics, ...echoing(topics) });
  await offsetIs(topics, 5);
  await first.stop();

  await asking(brokers, (admin) => admin.deleteGroups([topics.group]));
  await removeBefore(topics, '3');
  await runners.send(topics, numbered(2, 5));
  await runners.running({ topics, ...echoing(topics) });
  await offsetIs(topics, 7);
  expect(await runners.values(topics.output)).toEqual([...'01234', ...'3456']);
});

it('what was removed before it was read holds nothing up', async () => {
  const topics = await topicsFor(brokers);
  await runners.send(topics, numbered(2));
  const first = await runners.running({ topics, ...echoing(topics) });
  await offsetIs(topics, 2);
  await first.stop();

  await runners.send(topics, numbered(4, 2));
  await removeBefore(topics, '5');
  await runners.running({ topics, ...echoing(topics) });
  await offsetIs(topics, 6);
  expect(await runners.values(topics.output)).toEqual(['0', '1', '5']);
});
