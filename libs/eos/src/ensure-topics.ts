/**
 * Topics exist as the registry says, or the job fails.
 *
 * Partition counts and clean-up policies carry guarantees (which records share an order, which repeats
 * stay visible), so an existing topic is compared and never altered: a difference is a decision for a
 * person.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin } from 'kafkajs';
import { messageOf } from './kafka-errors.js';
import { kafkaToConsume } from './kafka.js';
import type { Log } from './runner.js';
import { SETTINGS } from './settings.js';
import { BugError, RetryError } from './verdicts.js';

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** Kafka's names and values. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface EnsureTopicsOptions {
  readonly brokers: readonly string[];
  readonly topics: readonly TopicSpec[];
  readonly log: Log;
}

/** Three copies survive the loss of one while another is being replaced. */
const MAX_REPLICAS = 3;
/** A broker that has just started elects within a second or two. */
const LEADERS_WITHIN_MS = 30_000;
const LEADERS_PAUSE_MS = 50;

/** Creates what is missing, in one request, and verifies the rest. Safe to run at each start. */
export async function ensureTopics(options: EnsureTopicsOptions): Promise<{ created: string[] }> {
  const { brokers, topics, log } = options;
  const { requestTimeoutMs } = SETTINGS;
  const admin = kafkaToConsume({ brokers, clientId: 'topics', requestTimeoutMs }).admin();
  try {
    await admin.connect();
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter((topic) => !existing.has(topic.name));
    await create(admin, missing);
    await leadersOf(admin, topics);
    await verify(admin, topics);
    const created = missing.map((topic) => topic.name);
    log.info({ created, verified: topics.length - created.length }, 'topics are as registered');
    return { created };
  } finally {
    await admin.disconnect();
  }
}

async function create(admin: Admin, topics: readonly TopicSpec[]): Promise<void> {
  if (topics.length === 0) return;
  const { brokers } = await admin.describeCluster();
  await admin.createTopics({
    waitForLeaders: false,
    topics: topics.map(({ name, partitions, settings }) => ({
      topic: name,
      numPartitions: partitions,
      replicationFactor: Math.min(MAX_REPLICAS, brokers.length),
      configEntries: Object.entries(settings).map(([setting, value]) => ({ name: setting, value })),
    })),
  });
}

/** A partition without a leader cannot be written to, whatever the creation said. */
async function leadersOf(admin: Admin, topics: readonly TopicSpec[]): Promise<void> {
  const names = topics.map((topic) => topic.name);
  const giveUpAt = performance.now() + LEADERS_WITHIN_MS;
  for (let fault = ''; ; await sleep(LEADERS_PAUSE_MS)) {
    try {
      const metadata = await admin.fetchTopicMetadata({ topics: names });
      const partitions = metadata.topics.flatMap((topic) => topic.partitions);
      if (partitions.length > 0 && partitions.every(({ leader }) => leader >= 0)) return;
      fault = 'partitions without a leader';
    } catch (error) {
      fault = messageOf(error);
    }
    if (performance.now() > giveUpAt) throw new RetryError(`topics are not usable: ${fault}`);
  }
}

async function verify(admin: Admin, topics: readonly TopicSpec[]): Promise<void> {
  const metadata = await admin.fetchTopicMetadata({ topics: topics.map((topic) => topic.name) });
  const counts = new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map(({ name }) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
  });
  const found = new Map(
    resources.map(({ resourceName, configEntries }) => [
      resourceName,
      new Map(configEntries.map(({ configName, configValue }) => [configName, configValue])),
    ]),
  );

  const faults: string[] = [];
  for (const { name, partitions, settings } of topics) {
    const count = counts.get(name);
    if (count !== partitions) faults.push(`${name} has ${count} partitions, not ${partitions}`);
    for (const [setting, value] of Object.entries(settings)) {
      const actual = found.get(name)?.get(setting);
      if (actual !== value) faults.push(`${name} has ${setting}=${actual}, not ${value}`);
    }
  }
  if (faults.length > 0)
    throw new BugError(`topics differ from the registry: ${faults.join('; ')}`);
}
