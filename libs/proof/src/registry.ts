import { changelogs, deadLetterTopics, streamsChangelogs, topics } from '@checkout/events';
import type { Subscription } from './kafka/read-kafka.js';
import type { LogView, TopicKey } from './log-view.js';

const CONNECT = 'connect-';

/** The topics of the registry, and who reads them, as Kafka knows them. */
export const topicKeys = Object.keys(topics) as TopicKey[];

export const subscriptions: readonly Subscription[] = Object.values(topics).flatMap(
  ({ name, consumers }) => consumers.map((group) => ({ topic: name, group: groupId(group) })),
);

/** Connect names the group of a sink after its connector. */
function groupId(consumer: string): string {
  const [service, ...rest] = consumer.split('.');
  return service === 'connect' ? `${CONNECT}${rest.join('.')}` : consumer;
}

/** Connect and Kafka Streams write down nothing of what they read. */
export function canRecord(
  group: string,
  { runsOnStreams }: Pick<LogView, 'runsOnStreams'>,
): boolean {
  return !group.startsWith(CONNECT) && !(runsOnStreams && group.startsWith('enrichment.'));
}

const read = new Set([
  ...Object.values(topics).map(({ name }) => name),
  ...Object.values(changelogs).map(({ name }) => name),
  ...Object.values(streamsChangelogs),
  ...deadLetterTopics,
]);

export function isOurs(topic: string): boolean {
  return read.has(topic);
}
