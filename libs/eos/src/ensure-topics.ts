/**
 * Topics exist as the registry says, or the job fails.
 *
 * Partition counts and clean-up policies carry guarantees (which records share an order, which
 * repeats stay visible), so an existing topic is compared and never altered: a difference is a
 * decision for a person.
 */
import type { Admin } from 'kafkajs';
import { kafkaToConsume } from './kafka.js';
import { Patience } from './patience.js';
import type { Log } from './runner.js';
import { SETTINGS } from './settings.js';
import { settingsOf } from './topic-check.js';
import { BugError } from './verdicts.js';

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** Kafka's names and values. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface EnsureTopicsOptions {
  readonly brokers: readonly string[];
  readonly topics: readonly TopicSpec[];
  /** Topics on which nothing may lie, if they are there at all, and what it would mean. */
  readonly empty?: { readonly topics: readonly string[]; readonly otherwise: string };
  readonly log: Log;
}

/** Three copies survive the loss of one while another is being replaced. */
const MAX_REPLICAS = 3;
/** A broker that has just started elects within a second or two. */
const STARTING = { firstPauseMs: 50, longestPauseMs: 1_000, patienceMs: 30_000 };

/**
 * Creates what is missing, in one request, and verifies the rest. Safe to run at each start, also
 * against a broker that has only just begun to answer.
 */
export async function ensureTopics(options: EnsureTopicsOptions): Promise<{ created: string[] }> {
  const patience = new Patience(STARTING, new AbortController().signal);
  const created: string[] = [];
  for (;;) {
    try {
      await ensureOnce(options, created);
      return { created };
    } catch (error) {
      if (error instanceof BugError || !(await patience.lasts())) throw error;
    }
  }
}

async function ensureOnce(
  { brokers, topics, empty, log }: EnsureTopicsOptions,
  created: string[],
): Promise<void> {
  const { requestTimeoutMs } = SETTINGS;
  const admin = kafkaToConsume({ brokers, clientId: 'topics', requestTimeoutMs }).admin();
  try {
    await admin.connect();
    const existing = new Set(await admin.listTopics());
    const filled = await firstFilled(
      admin,
      empty?.topics.filter((name) => existing.has(name)),
    );
    if (filled) throw new BugError(`${filled} is not empty: ${empty?.otherwise}`);
    const missing = topics.filter((topic) => !existing.has(topic.name));
    await create(admin, missing);
    created.push(...missing.map((topic) => topic.name));
    await answered(admin, topics);
    await verify(admin, topics);
    log.info({ created, verified: topics.length - created.length }, 'topics are as registered');
  } finally {
    await admin.disconnect();
  }
}

/** Of what was written and is gone again, the end still tells. */
async function firstFilled(
  admin: Admin,
  names: readonly string[] = [],
): Promise<string | undefined> {
  for (const name of names) {
    const partitions = await admin.fetchTopicOffsets(name);
    if (partitions.some(({ high }) => high !== '0')) return name;
  }
  return undefined;
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

/**
 * Asks each partition: metadata names a leader before the leader itself knows of it, and who writes
 * in between fails.
 */
async function answered(admin: Admin, topics: readonly TopicSpec[]): Promise<void> {
  // One after the other: no question is under way when one has failed and the client is closed.
  for (const { name } of topics) await admin.fetchTopicOffsets(name);
}

async function verify(admin: Admin, topics: readonly TopicSpec[]): Promise<void> {
  const metadata = await admin.fetchTopicMetadata({ topics: topics.map((topic) => topic.name) });
  const counts = new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
  const found = await settingsOf(
    admin,
    topics.map(({ name }) => name),
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
