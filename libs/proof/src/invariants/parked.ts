import { deadLetterTopic, topics } from '@checkout/events';
import { placeOf, type Coordinate, type DataRecord } from '../evidence/kafka-log.js';
import type { LogView, TopicKey } from '../log-view.js';

/** A record that a stage could not process, on its dead-letter topic. */
export interface ParkedCopy {
  readonly copy: DataRecord;
  readonly original: Coordinate;
  readonly reason: string;
}

export function parkedCopies(log: LogView, key: TopicKey, group: string): ParkedCopy[] {
  return log.committed(deadLetterTopic(topics[key].name, group)).map((copy) => ({
    copy,
    original: {
      topic: copy.headers['dlq-topic'] ?? '',
      partition: Number(copy.headers['dlq-partition']),
      offset: Number(copy.headers['dlq-offset']),
    },
    reason: copy.headers['dlq-reason'] ?? '',
  }));
}

export function parkedPlaces(log: LogView, key: TopicKey, group: string): ReadonlySet<string> {
  return new Set(parkedCopies(log, key, group).map(({ original }) => placeOf(original)));
}
