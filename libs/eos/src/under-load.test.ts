import { expect, inject, it, vi } from 'vitest';
import { emit, skip, type Decision } from './decision.js';
import { ensureTopics } from './ensure-topics.js';
import type { Observer } from './observer.js';
import type { InputRecord } from './record.js';
import type { Step } from './session.js';
import type { State } from './store.js';
import { beforeItsCommit, counting, runnersOfFile } from './testing/counting-runner.js';
import {
  asking,
  committed,
  membersOf,
  numbered,
  PARKING,
  output,
  QUICK,
  ready,
  silent,
  topicsFor,
  until,
  type TestTopics,
} from './testing/kit.js';

vi.setConfig({ testTimeout: 30_000 });
const brokers = inject('brokers');
const runners = runnersOfFile(brokers);

/** How many records each Kafka transaction held, and what became of it. */
function watching() {
  const sizes: number[] = [];
  const ends: string[] = [];
  const observer: Observer = {
    took: () => undefined,
    read: (_, records) => sizes.push(records.length),
    ended: (_where, _end, outcome) => ends.push(outcome),
  };
  return { sizes, ends, connection: { observer } };
}

it('an idle partition commits at once; under load Kafka transactions grow', async () => {
  const topics = await topicsFor(brokers);
  const { sizes, connection } = watching();
  const settings = { ...QUICK, recordsPerTransaction: 1_000 };
  await ready(await runners.running({ topics, connection, internals: { settings } }));
  for (const one of [1, 2]) {
    await runners.send(topics, numbered(1, one));
    await until('it', async () => (await committed(brokers, topics)) === one);
  }
  expect(sizes).toEqual([1, 1]);
  await runners.send(topics, numbered(5_000, 3));
  await until('the rest', async () => (await committed(brokers, topics)) === 5_002);
  expect(Math.max(...sizes)).toBe(settings.recordsPerTransaction);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(5_002);
});

it('with a commit interval, what comes within it is committed together', async () => {
  const topics = await topicsFor(brokers);
  const { sizes, connection } = watching();
  const more = { commitIntervalMs: 1_000 };
  await ready(await runners.running({ topics, connection, more }));
  await runners.send(topics, numbered(1));
  await until('the first, at once', async () => (await committed(brokers, topics)) === 1);
  for (let n = 1; n <= 5; n++) await runners.send(topics, numbered(1, n));
  await until('the others', async () => (await committed(brokers, topics)) === 6);
  expect(sizes).toEqual([1, 5]);
});

it.each([
  ['in records', { recordsPerTransaction: 10 }],
  ['in bytes of a fetch', { fetchBytes: 4_000 }],
])('a commit interval holds back nothing that is full %s, and no stop', async (_, full) => {
  const topics = await topicsFor(brokers);
  const { sizes, connection } = watching();
  for (let n = 0; n < 10; n++) {
    const value = String(n).repeat(300);
    const records = Array.from({ length: 10 }, () => ({ key: 'k', value }));
    await runners.send(topics, records);
  }
  const more = { commitIntervalMs: 1_000 };
  const internals = { settings: { ...QUICK, ...full } };
  const begun = performance.now();
  const runner = await runners.running({ topics, connection, more, internals });
  await until('all', async () => (await committed(brokers, topics)) === 100);
  expect(sizes).toEqual(Array.from({ length: 10 }, () => 10));
  await runner.stop();
  // Ten that wait take nine seconds.
  expect(performance.now() - begun).toBeLessThan(8_000);
});

it('a Kafka transaction that failed is tried again with half of its records', async () => {
  const topics = await topicsFor(brokers);
  const { sizes, ends, connection } = watching();
  let failures = 3;
  const atStep = (step: Step): void => {
    if (step === 'sent' && failures-- > 0) throw new Error('the broker is slow');
  };
  const settings = { ...QUICK, recordsPerTransaction: 32 };
  await runners.send(topics, numbered(60));
  await runners.running({ topics, connection, internals: { atStep, settings } });
  await until('all', async () => (await committed(brokers, topics)) === 60);
  expect(sizes).toEqual([32, 16, 8, 4, 8, 16, 4, 28]);
  expect(ends.slice(0, 4)).toEqual(['aborted', 'aborted', 'aborted', 'committed']);
});

it('a Kafka transaction past its time-out is refused, and tried again smaller', async () => {
  const topics = await topicsFor(brokers);
  const { sizes, ends, connection } = watching();
  const markers = (): Promise<number> =>
    asking(brokers, async (admin) => {
      const all = { topic: topics.output, partition: 0, offset: '0', readUncommitted: true };
      const { messages, nextOffset } = await admin.fetchRecords(all);
      return Number(nextOffset) - messages.length;
    });
  let slow = 1;
  const atStep = async (step: Step): Promise<void> => {
    if (step !== 'sent' || slow-- <= 0) return;
    await until('the broker to have rolled it back', async () => (await markers()) === 1);
  };
  const settings = { ...QUICK, transactionTimeoutMs: 500, recordsPerTransaction: 8 };
  await runners.send(topics, numbered(12));
  await runners.running({ topics, connection, internals: { atStep, settings } });
  await until('all', async () => (await committed(brokers, topics)) === 12);
  expect(ends.slice(0, 2)).toEqual(['fenced', 'committed']);
  expect(sizes.slice(0, 2)).toEqual([8, 4]);
  expect(await runners.values(topics.output)).toEqual(
    Array.from({ length: 12 }, (_, i) => ({ event: String(i), count: i + 1 })),
  );
});

/** Reads the same. */
async function anotherGroup(topics: TestTopics): Promise<TestTopics> {
  const group = `${topics.group}.other`;
  const parked = `${topics.input}.${group}.dlq`;
  const made = [{ name: parked, partitions: 1, settings: PARKING }];
  await ensureTopics({ brokers, log: silent, topics: made });
  return { ...topics, group, parked };
}

it('while it cannot commit it reads no further', async () => {
  const topics = await topicsFor(brokers);
  const { sizes, connection } = watching();
  const { atStep, held, letGo } = beforeItsCommit();
  await runners.send(topics, numbered(1));
  await runners.running({ topics, connection, internals: { atStep } });
  await held;
  await runners.send(topics, numbered(3_000, 1));
  const other = await anotherGroup(topics);
  await runners.running({ topics: other, stateless: true, decide: () => skip('only looking') });
  await until('the other one', async () => (await committed(brokers, other)) === 3_001);
  expect(sizes).toEqual([1]);
  letGo();
  await until('the rest', async () => (await committed(brokers, topics)) === 3_001);
});

it('decisions that take longer than a session keep their place, and are made once', async () => {
  const topics = await topicsFor(brokers);
  const { ends, connection } = watching();
  const settings = { ...QUICK, sessionTimeoutMs: 2_000, transactionTimeoutMs: 1_500 };
  const EACH_MS = 25;
  const RECORDS = 120;
  let decisions = 0;
  const decide = (event: string, state: State, record: InputRecord): Decision => {
    decisions += 1;
    const until = performance.now() + EACH_MS;
    while (performance.now() < until);
    return counting(topics)(event, state, record);
  };
  await ready(await runners.running({ topics, decide, connection, internals: { settings } }));
  const members = await membersOf(brokers, topics);
  await runners.send(topics, numbered(RECORDS));
  await until('all', async () => (await committed(brokers, topics)) === RECORDS);
  // One that is thrown out joins again, under another id.
  expect(await membersOf(brokers, topics)).toEqual(members);
  expect(members).toHaveLength(1);
  expect(decisions).toBe(RECORDS);
  expect(new Set(ends)).toEqual(new Set(['committed']));
  expect(await runners.values(topics.output)).toHaveLength(RECORDS);
});

it('a record that a topic would never take is parked, and the others go on', async () => {
  const topics = await topicsFor(brokers);
  await asking(brokers, (admin) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          ...{ type: 2, name: topics.output },
          configEntries: [{ name: 'max.message.bytes', value: '3000' }],
        },
      ],
    }),
  );
  const decide = (event: string, _: State, record: InputRecord): Decision => [
    emit(output(topics.output, record, event === '5' ? 'x'.repeat(5_000) : event)),
  ];
  await runners.send(topics, numbered(8));
  await runners.running({ topics, decide });
  await until('all', async () => (await committed(brokers, topics)) === 8);
  const values = await runners.values(topics.output);
  const [said] = values.flatMap((value) => (typeof value === 'object' ? [value] : []));
  expect(values.filter((value) => value !== said)).toEqual(['0', '1', '2', '3', '4', '6', '7']);
  expect(JSON.stringify(said)).toMatch(/parked.*larger than/);
  expect((await runners.read(topics.parked)).map(({ value }) => value?.toString())).toEqual(['5']);
});

it('what fails for as long as patience lasts ends the process', async () => {
  const topics = await topicsFor(brokers);
  const fatal: Error[] = [];
  const { ends, connection } = watching();
  const atStep = (step: Step): void => {
    if (step === 'sent') throw new Error('the broker is away');
  };
  const settings = {
    ...QUICK,
    ...{ sessionTimeoutMs: 1_000, transactionTimeoutMs: 500, patienceMs: 1_600 },
  };
  await runners.send(topics, numbered(2));
  await runners.running({
    ...{ topics, connection, internals: { atStep, settings } },
    onFatal: (error) => fatal.push(error),
  });
  await until('the end', () => fatal.length > 0);
  expect(fatal[0]?.message).toBe('the broker is away');
  expect(ends.length).toBeGreaterThan(2);
  expect(new Set(ends)).toEqual(new Set(['aborted']));
  expect(await committed(brokers, topics)).toBe(-1);
  expect(await runners.values(topics.output)).toEqual([]);
});

it('tells how its Kafka transactions ended, and which is open for how long', async () => {
  const topics = await topicsFor(brokers);
  const { atStep, held, letGo } = beforeItsCommit();
  let failures = 1;
  const once = async (step: Step): Promise<void> => {
    if (step === 'sent' && failures-- > 0) throw new Error('the broker is slow');
    await atStep(step);
  };
  await runners.send(topics, numbered(3));
  const runner = await runners.running({ topics, internals: { atStep: once } });
  await held;
  const nothing = { committed: 0, fenced: 0, unknown: 0 };
  const waiting = runner.figures?.();
  expect(waiting).toMatchObject({ group: topics.group, open: 1, records: 0 });
  expect(waiting?.ended).toEqual({ ...nothing, aborted: 1 });
  expect(waiting?.oldestOpenMs).toBeGreaterThan(0);
  letGo();
  await until('the commit', () => runner.figures?.().ended.committed === 1);
  expect(runner.figures?.()).toMatchObject({ open: 0, oldestOpenMs: 0, records: 3 });
});
