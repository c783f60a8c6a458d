import type { TopicSpec } from '@checkout/eos';
import { changelogs, deadLetterTopics, heartbeatTopics, topics } from '@checkout/events';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Long enough for a person to look at what was parked and to drive it again. */
const PARKED = {
  'cleanup.policy': 'delete',
  'retention.ms': String(30 * DAY_MS),
  // A parked record is the input, which may have the full size of a record, and its coordinates.
  'max.message.bytes': String(2 * 1024 * 1024),
};
/** A heartbeat is of no interest once it has been written. */
const HEARTBEAT = { 'cleanup.policy': 'delete', 'retention.ms': String(DAY_MS) };

/** Every topic of the system: the broker creates none by itself. */
export function registeredTopics(): TopicSpec[] {
  return [
    ...[...Object.values(topics), ...Object.values(changelogs)].map(
      ({ name, partitions, ...topic }) => {
        const own = 'settings' in topic ? topic.settings : {};
        return { name, partitions, settings: { 'cleanup.policy': topic.cleanup, ...own } };
      },
    ),
    ...deadLetterTopics.map((name) => ({ name, partitions: 1, settings: PARKED })),
    ...heartbeatTopics.map((name) => ({ name, partitions: 1, settings: HEARTBEAT })),
  ];
}
