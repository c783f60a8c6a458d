import { expect, inject, it, vi } from 'vitest';
import { emit, type Decision } from './decision.js';
import type { InputRecord } from './record.js';
import type { State } from './store.js';
import { runnersOfFile } from './testing/counting-runner.js';
import {
  IMPATIENT,
  asking,
  committed,
  numbered,
  output,
  ready,
  topicsFor,
  until,
  type TestTopics,
} from './testing/kit.js';

/** The committed offset is not in the log: nobody stands still, and nobody commits another. */
vi.setConfig({ testTimeout: 60_000 });
const brokers = inject('brokers');
const runners = runnersOfFile(brokers);

const echo =
  ({ output: topic }: TestTopics) =>
  (event: string, _: State, record: InputRecord): Decision => [emit(output(topic, record, event))];

it('records that nobody has read are deleted by age: the others are worked on', async () => {
  const topics = await topicsFor(brokers);
  await runners.send(topics, numbered(2));
  const given = { topics, stateless: true, decide: echo(topics) };
  const first = await runners.running(given);
  await until('2', async () => (await committed(brokers, topics)) === 2);
  await first.stop();
  await runners.send(topics, numbered(4, 2));
  const partitions = [{ partition: 0, offset: '6' }];
  await asking(brokers, async (admin) => {
    await admin.fetchTopicOffsets(topics.input); // kafkajs must have heard of it
    await admin.deleteTopicRecords({ topic: topics.input, partitions });
  });

  await ready(await runners.running(given));
  await runners.send(topics, numbered(1, 6));
  await until('7', async () => (await committed(brokers, topics)) === 7);
  expect(await runners.values(topics.output)).toEqual(['0', '1', '6']);
});

it('the topic is made anew while it works: what comes then is worked on', async () => {
  const topics = await topicsFor(brokers);
  await runners.send(topics, numbered(5));
  await runners.running({ topics, stateless: true, decide: echo(topics) });
  await until('5', async () => (await committed(brokers, topics)) === 5);
  await asking(brokers, async (admin) => {
    await admin.deleteTopics({ topics: [topics.input] });
    await until('it to be gone', async () => !(await admin.listTopics()).includes(topics.input));
    await admin.createTopics({ topics: [{ topic: topics.input, numPartitions: 1 }] });
  });
  await runners.send(topics, numbered(3, 100));
  await until('3', async () => (await committed(brokers, topics)) === 3);
  const values = await runners.values(topics.output);
  expect(values).toEqual(['0', '1', '2', '3', '4', '100', '101', '102']);
});

it('the committed offset lies behind the end: it stays, the process says so and ends', async () => {
  const topics = await topicsFor(brokers);
  await runners.send(topics, numbered(3));
  const partitions = [{ partition: 0, offset: '50' }];
  await asking(brokers, (admin) =>
    admin.setOffsets({ groupId: topics.group, topic: topics.input, partitions }),
  );
  const fatal = Promise.withResolvers<Error>();
  await runners.running({
    ...{ topics, stateless: true, decide: echo(topics), onFatal: fatal.resolve },
    internals: { settings: IMPATIENT },
  });
  const { message } = await fatal.promise;
  expect(message).toBe(
    `${topics.input}-0 has no offset 50, and is read from 0: was the topic made anew?`,
  );
  expect(await committed(brokers, topics)).toBe(50);
  expect(await runners.inTheLog(topics.output)).toBe(0);
});
