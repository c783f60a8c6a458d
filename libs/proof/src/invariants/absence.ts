import { topics } from '@checkout/events';
import {
  placeOf,
  type Coordinate,
  type DataRecord,
  type PartitionLog,
} from '../evidence/kafka-log.js';
import type { Case } from '../case.js';

/** What is known of a record that somebody says he has read: its event’s id, or its key. */
export interface Said {
  readonly place: Coordinate;
  readonly known: string | null;
}

const COMPACTED = new Set<string>(
  Object.values(topics)
    .filter(({ cleanup }) => cleanup === 'compact')
    .map(({ name }) => name),
);

/**
 * Why a record should be at a place and is not; undefined when it is there, or may be gone. Below
 * the beginning of a log age has deleted it. On a compacted topic a later record of the same key
 * has taken its place.
 */
export function absence({ evidence, log }: Case): (said: Said) => string | undefined {
  const logs = new Map(evidence.kafka.logs.map((one) => [nameOf(one), one]));
  const later = latestOf(logs);
  return ({ place, known }) => {
    if (log.at(place)) return undefined;
    const own = logs.get(nameOf(place));
    if (!own) return `there is no ${nameOf(place)}`;
    if (place.offset >= own.end) return `${nameOf(place)} ends at ${own.end}`;
    if (place.offset < own.start) return undefined;
    const replaced = COMPACTED.has(place.topic) && later(place, known);
    return replaced ? undefined : `no record lies at ${placeOf(place)}`;
  };
}

/** Made when it is first needed: hardly anything is ever compacted away. */
function latestOf(logs: ReadonlyMap<string, PartitionLog>) {
  const indexes = new Map<string, ReadonlyMap<string, number>>();
  const indexOf = (name: string): ReadonlyMap<string, number> => {
    const known = indexes.get(name);
    if (known) return known;
    const index = new Map<string, number>();
    for (const record of logs.get(name)?.records ?? []) {
      for (const one of namesOf(record)) index.set(one, record.offset);
    }
    indexes.set(name, index);
    return index;
  };
  return (place: Coordinate, known: string | null): boolean =>
    known === null || (indexOf(nameOf(place)).get(known) ?? -1) > place.offset;
}

function namesOf({ key, headers }: DataRecord): string[] {
  return [key, headers['id']].filter((one) => typeof one === 'string');
}

function nameOf({ topic, partition }: Pick<Coordinate, 'topic' | 'partition'>): string {
  return `${topic}-${partition}`;
}
