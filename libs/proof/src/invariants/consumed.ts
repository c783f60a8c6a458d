import type { ConsumeEvent, ConsumeLog, ReadRecord, Recordings } from '../evidence/recordings.js';
import type { RecordedPart } from '../invariant.js';

export const NO_RECORD = 'the services did not record what they read (RECORD=1)';

/** What an invariant says of the part that is about what services have recorded. */
export function recordedPart({ consumed }: Recordings, rows: number): RecordedPart {
  return consumed === null ? { without: NO_RECORD } : { recorded: rows };
}

/**
 * One unbroken reading of a partition: from where it was taken to where it was taken again, or to
 * where a batch was given back because its offset could not be committed.
 */
export interface Reading {
  readonly incarnation: string;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly position: number | null;
  readonly records: readonly (ReadRecord & { readonly at: number })[];
}

export function readings(consumed: readonly ConsumeLog[]): Reading[] {
  return consumed.flatMap(({ incarnation, events }) =>
    [...Map.groupBy(events, nameOf).values()].flatMap((own) => cut(incarnation, own)),
  );
}

function nameOf({ group, topic, partition }: Where): string {
  return `${group} ${topic}-${partition}`;
}

type Where = Pick<ConsumeEvent, 'group' | 'topic' | 'partition'>;

function cut(incarnation: string, events: readonly ConsumeEvent[]): Reading[] {
  const found: (Reading & { records: (ReadRecord & { at: number })[] })[] = [];
  for (const event of events) {
    const { group, topic, partition } = event;
    const begins = { incarnation, group, topic, partition };
    if (event.kind === 'took') found.push({ ...begins, position: event.position, records: [] });
    if (event.kind === 'ended' && event.outcome === 'again') {
      found.push({ ...begins, position: null, records: [] });
    }
    if (event.kind !== 'read') continue;
    if (found.length === 0) found.push({ ...begins, position: null, records: [] });
    const { at, records } = event;
    found.at(-1)?.records.push(...records.map((record) => ({ ...record, at })));
  }
  return found;
}

interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Which places each group has read, and since when anybody has written that down. */
export function readPlaces(consumed: readonly ConsumeLog[]) {
  const offsets = new Map<string, Set<number>>();
  for (const reading of readings(consumed)) {
    const name = nameOf(reading);
    const own = offsets.get(name) ?? new Set();
    for (const { offset } of reading.records) own.add(offset);
    offsets.set(name, own);
  }
  const first = new Map(
    [...offsets].map(([name, own]) => [name, own.size === 0 ? Infinity : Math.min(...own)]),
  );
  return {
    has: (group: string, { topic, partition, offset }: Place): boolean =>
      offsets.get(nameOf({ group, topic, partition }))?.has(offset) ?? false,
    from: (group: string, { topic, partition }: Place): number =>
      first.get(nameOf({ group, topic, partition })) ?? Infinity,
  };
}
