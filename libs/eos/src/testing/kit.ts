import { Kafka, logLevel, type Admin, type Message, type Producer } from 'kafkajs';
import { ensureTopics } from '../ensure-topics.js';
import { isMembership } from '../kafka-errors.js';
import type { InputRecord, OutputRecord } from '../record.js';
import type { Log, Runner } from '../runner.js';
import { SETTINGS, type Settings } from '../settings.js';

/**
 * What the tests of this lib share: topics of their own, plain producers, waiting for conditions.
 */
export const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** Short enough for a test, in the same relations. */
export const QUICK: Settings = {
  ...SETTINGS,
  sessionTimeoutMs: 4_000,
  heartbeatMs: 300,
  rebalanceTimeoutMs: 4_000,
  transactionTimeoutMs: 3_000,
  fetchWaitMs: 100,
};

/** Where the end of patience is waited for. */
export const IMPATIENT: Settings = {
  ...QUICK,
  sessionTimeoutMs: 1_000,
  transactionTimeoutMs: 500,
  patienceMs: 3_000,
};

export function kafkaOf(brokers: readonly string[]): Kafka {
  const retry = { initialRetryTime: 20, retries: 30, maxRetryTime: 500 };
  return new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING, retry });
}

export interface TestTopics {
  readonly group: string;
  readonly input: string;
  readonly output: string;
  readonly changelog: string;
  readonly parked: string;
}

/** A parked copy is larger than its record. */
export const PARKING = { 'max.message.bytes': String(2 * 1024 * 1024) };

export async function topicsFor(
  brokers: readonly string[],
  { partitions = 1 } = {},
): Promise<TestTopics> {
  // Nanoseconds of one clock: the test files share a broker, and no name.
  const name = `t${process.hrtime.bigint()}`;
  const group = `${name}.group`;
  const topics = { input: `${name}.in`, output: `${name}.out`, changelog: `${name}.changelog` };
  const parked = `${topics.input}.${group}.dlq`;
  await ensureTopics({
    brokers,
    log: silent,
    topics: [
      ...[topics.input, topics.output].map((name) => ({ name, partitions, settings: {} })),
      { name: topics.changelog, partitions, settings: { 'cleanup.policy': 'compact' } },
      { name: parked, partitions: 1, settings: PARKING },
    ],
  });
  return { group, parked, ...topics };
}

export interface Feeder {
  send(topic: string, records: readonly Message[]): Promise<void>;
  close(): Promise<void>;
}

export async function feeder(brokers: readonly string[]): Promise<Feeder> {
  const producer: Producer = kafkaOf(brokers).producer({
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  return {
    send: async (topic, records) => {
      await producer.send({ topic, messages: records.map((r) => ({ partition: 0, ...r })) });
    },
    close: () => producer.disconnect(),
  };
}

export async function asking<T>(
  brokers: readonly string[],
  question: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = kafkaOf(brokers).admin();
  await admin.connect();
  try {
    return await question(admin);
  } finally {
    await admin.disconnect();
  }
}

/** -1 when nothing is committed. */
export async function committed(
  brokers: readonly string[],
  topics: TestTopics,
  partition = 0,
): Promise<number> {
  return (await committedOf(brokers, topics))[partition] ?? NaN;
}

/** Of each partition. */
export async function committedOf(
  brokers: readonly string[],
  { group, input }: TestTopics,
): Promise<number[]> {
  let offsets: number[] = [];
  const ask = (): Promise<void> =>
    asking(brokers, async (admin) => {
      const [one] = await admin.fetchOffsets({ groupId: group, topics: [input] });
      const partitions = one?.partitions.toSorted((a, b) => a.partition - b.partition) ?? [];
      offsets = partitions.map(({ offset }) => Number(offset));
    });
  // Whoever asks first of all makes a new broker create the topic of its groups.
  await until('a coordinator', () =>
    ask().then(
      () => true,
      (error: Error & { retriable?: boolean }) => {
        if (!error.retriable && !isMembership(error)) throw error;
        return false;
      },
    ),
  );
  return offsets;
}

/** Their ids: who joins anew has another one. None while the group is being formed. */
export const membersOf = (brokers: readonly string[], { group }: TestTopics): Promise<string[]> =>
  asking(brokers, async (admin) => {
    const [one] = (await admin.describeGroups([group])).groups;
    return one?.state === 'Stable' ? one.members.map(({ memberId }) => memberId) : [];
  });

export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 20_000,
): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error(`waited ${withinMs} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const ready = (runner: Runner): Promise<void> => until('ready', () => runner.health().ready);

/** A promise that somebody else resolves. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

export function output(
  topic: string,
  { key, partition }: InputRecord,
  value: unknown,
): OutputRecord {
  const json = Buffer.from(JSON.stringify(value), 'utf8');
  return { topic, partition, key: key ?? '', value: json, headers: {} };
}

export const numbered = (count: number, from = 0): Message[] =>
  Array.from({ length: count }, (_, i) => ({ key: `k${from + i}`, value: String(from + i) }));

export const valueOf = (record: InputRecord): unknown =>
  JSON.parse(record.value?.toString('utf8') ?? 'null');
