import type { Evidence } from '../evidence/evidence.js';
import type { CounterExample } from '../invariant.js';
import { subscriptions } from '../registry.js';
import { readings, recordingSince } from './consumed.js';

/** The clocks of a service that writes and of the one that has read first. */
const CLOCKS_DIFFER_MS = 100;

/**
 * Lives that nobody has written down: Kafka itself counts them. Each taking of a partition begins
 * with an epoch of its own, and reads something before it writes. So of the epochs that have
 * written since services record, each has a reading, also when all that it wrote was aborted.
 */
export function unrecorded({ kafka, recordings }: Evidence): {
  rows: number;
  counterExamples: CounterExample[];
} {
  const consumed = recordings.consumed ?? [];
  const since = recordingSince(consumed) + CLOCKS_DIFFER_MS;
  const epochs = epochsSince(kafka, since);
  const read = readings(consumed).filter(({ batches }) => batches > 0);
  const recorded = Map.groupBy(read, nameOf);
  const names = new Map(kafka.producers.map((one) => [one.transactionalId, one.producerId]));
  const taken = kafka.logs.flatMap(({ topic, partition }) =>
    subscriptions
      .filter((subscription) => subscription.topic === topic)
      .map(({ group }) => ({ group, topic, partition })),
  );
  const checked = taken.map((one) => ({
    ...one,
    wrote: epochs.get(names.get(nameOf(one)) ?? NOBODY) ?? 0,
    known: recorded.get(nameOf(one))?.length ?? 0,
  }));
  return {
    rows: checked.reduce((sum, { wrote }) => sum + wrote, 0),
    counterExamples: checked
      .filter(({ wrote, known }) => known < wrote)
      .map(({ group, topic, partition, wrote, known }) => ({
        what: `${group} has written in ${wrote} epochs, and ${known} readings are recorded`,
        at: `${topic}-${partition}`,
      })),
  };
}

/** No producer has that id. */
const NOBODY = -1n;

interface Taken {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}

/** The transactional id, too. */
function nameOf({ group, topic, partition }: Taken): string {
  return `${group}.${topic}.${partition}`;
}

/** How many epochs of each producer have begun to write since then. */
function epochsSince({ logs }: Evidence['kafka'], since: number): ReadonlyMap<bigint, number> {
  const begun = new Map<bigint, Map<number, number>>();
  for (const { records } of logs) {
    for (const { producerId, epoch, timestamp, transactional } of records) {
      if (!transactional) continue;
      const own = begun.get(producerId) ?? new Map<number, number>();
      begun.set(producerId, own.set(epoch, Math.min(own.get(epoch) ?? Infinity, timestamp)));
    }
  }
  const later = (own: ReadonlyMap<number, number>): number =>
    [...own.values()].filter((first) => first > since).length;
  return new Map([...begun].map(([producerId, own]) => [producerId, later(own)]));
}
