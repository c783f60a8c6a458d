/**
 * Whether the topics that a runner works with are what its guarantee leans on.
 *
 * Guarantee: nothing is read before they are. What is missing is waited for, since topics are made
 * by another program; what is set wrongly is refused, since waiting does not mend it.
 * Not promised: that nobody changes them later, and topics of outputs, which a handler names.
 */
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import type { Store } from './store.js';
import { BugError, RetryError } from './verdicts.js';

export interface Needed {
  readonly inputs: readonly string[];
  readonly stores: readonly Store<never>[];
  readonly parked: readonly string[];
}

/** kafkajs can read these, and what producers have chosen is theirs. */
const READABLE = ['producer', 'uncompressed', 'gzip'];
/** Kafka's own default: a send of the engine fits into it. */
const MESSAGE_BYTES = 1_048_576;
/** What a parked copy has beside the record: where it was, and the reason. */
const PARKING_BYTES = 8_192;

export async function assertTopics(kafka: Kafka, needed: Needed): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    await assertAll(admin, needed);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

async function assertAll(admin: Admin, { inputs, stores, parked }: Needed): Promise<void> {
  const changelogs = stores.map(({ changelog }) => changelog);
  const names = [...new Set([...inputs, ...changelogs, ...parked])];
  const partitions = await partitionsOf(admin, names);
  const settings = await settingsOf(admin, names);
  const setting = (topic: string, name: string): string => settings.get(topic)?.get(name) ?? '';

  const faults = names.flatMap((topic) => [
    ...faultIf(
      setting(topic, 'unclean.leader.election.enable') === 'true',
      `${topic} may lose what was acknowledged: unclean.leader.election.enable=true`,
    ),
    ...faultIf(
      !READABLE.includes(setting(topic, 'compression.type')),
      `${topic} cannot be read: compression.type=${setting(topic, 'compression.type')}`,
    ),
  ]);
  const bytesOf = (topic: string): number => Number(setting(topic, 'max.message.bytes'));
  const parkedBytes = Math.max(MESSAGE_BYTES, ...inputs.map(bytesOf)) + PARKING_BYTES;
  const tooSmall = (topic: string, least: number): string[] => {
    const [name, bytes] = ['max.message.bytes', bytesOf(topic)];
    return faultIf(bytes < least, `${topic} is too small: ${name}=${bytes}, and not ${least}`);
  };
  faults.push(
    ...changelogs.flatMap((topic) => tooSmall(topic, MESSAGE_BYTES)),
    ...parked.flatMap((topic) => tooSmall(topic, parkedBytes)),
  );
  for (const topic of parked) {
    const policy = setting(topic, 'cleanup.policy');
    faults.push(...faultIf(policy !== 'delete', `${topic} would forget: cleanup.policy=${policy}`));
  }
  for (const { changelog, fedBy } of stores) {
    const [own, feeding] = [partitions.get(changelog), partitions.get(fedBy)];
    const policy = setting(changelog, 'cleanup.policy');
    faults.push(
      ...faultIf(own !== feeding, `${changelog} has ${own} partitions, ${fedBy} has ${feeding}`),
      ...faultIf(policy !== 'compact', `${changelog} would forget: cleanup.policy=${policy}`),
    );
  }
  if (faults.length > 0)
    throw new BugError(`topics that cannot be worked with: ${faults.join('; ')}`);
}

const faultIf = (isFault: boolean, fault: string): string[] => (isFault ? [fault] : []);

async function partitionsOf(
  admin: Admin,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const existing = new Set(await admin.listTopics());
  const missing = names.filter((name) => !existing.has(name));
  if (missing.length > 0) throw new RetryError(`topics are missing: ${missing.join(', ')}`);
  const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
  return new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
}

/** Of each topic, Kafka's names and values. */
export async function settingsOf(
  admin: Admin,
  names: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
  });
  return new Map(
    resources.map(({ resourceName, configEntries }) => [
      resourceName,
      new Map(configEntries.map(({ configName, configValue }) => [configName, configValue])),
    ]),
  );
}
