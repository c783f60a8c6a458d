import type { Case } from '../case.js';
import type { ConsumeEvent, ConsumeLog, ReadRecord } from '../evidence/recordings.js';
import type { RecordedPart } from '../invariant.js';

export const NO_RECORD = 'the services did not record what they read (RECORD=1)';

/** What an invariant says of the part that is about what services have recorded. */
export function recordedPart({ evidence, log }: Case, rows: number): RecordedPart {
  if (evidence.recordings.consumed === null) return { without: NO_RECORD };
  return { recorded: rows, ...(log.runsOnStreams && { without: STREAMS_RECORDS_NOTHING }) };
}

const STREAMS_RECORDS_NOTHING = 'those of enrichment: Kafka Streams writes none';

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
  readonly batches: number;
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

type Cut = Reading & { batches: number; records: (ReadRecord & { at: number })[] };

function cut(incarnation: string, events: readonly ConsumeEvent[]): Reading[] {
  const found: Cut[] = [];
  for (const event of events) {
    const { group, topic, partition } = event;
    const begins = (position: number | null): Cut => {
      return { incarnation, group, topic, partition, position, batches: 0, records: [] };
    };
    if (event.kind === 'took') found.push(begins(event.position));
    if (event.kind === 'ended' && event.outcome === 'again') found.push(begins(null));
    if (event.kind !== 'read') continue;
    if (found.length === 0) found.push(begins(null));
    const { at, records } = event;
    const reading = found.at(-1) ?? begins(null);
    reading.batches++;
    reading.records.push(...records.map((record) => ({ ...record, at })));
  }
  return found;
}

interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/**
 * Which places each group has read, and from where on it must have read all: from the first that it
 * did read, or from the position at which a life took the partition.
 */
export function readPlaces(consumed: readonly ConsumeLog[]) {
  const offsets = new Map<string, Set<number>>();
  const first = new Map<string, number>();
  for (const reading of readings(consumed)) {
    const name = nameOf(reading);
    const own = offsets.get(name) ?? new Set();
    for (const { offset } of reading.records) own.add(offset);
    offsets.set(name, own);
    const starts = [first.get(name), reading.position, reading.records[0]?.offset];
    first.set(name, Math.min(...starts.map((one) => one ?? Infinity)));
  }
  return {
    has: (group: string, { topic, partition, offset }: Place): boolean =>
      offsets.get(nameOf({ group, topic, partition }))?.has(offset) ?? false,
    from: (group: string, { topic, partition }: Place): number =>
      first.get(nameOf({ group, topic, partition })) ?? Infinity,
  };
}

/** Kafka transactions that were given up before their commit was asked for. */
const ABORTED = 'aborted';

/** Places that were read, and of which all who read them say that they have undone it. */
export function undone(consumed: readonly ConsumeLog[]) {
  const all = new Map<string, boolean>();
  for (const { events } of consumed) {
    const pending = new Map<string, readonly string[]>();
    const end = (name: string, outcome: string): void => {
      for (const place of pending.get(name) ?? []) {
        all.set(place, (all.get(place) ?? true) && outcome === ABORTED);
      }
      pending.delete(name);
    };
    for (const event of events) {
      const name = nameOf(event);
      end(name, event.kind === 'ended' ? event.outcome : 'nobody knows');
      if (event.kind !== 'read') continue;
      pending.set(
        name,
        event.records.map(({ offset }) => `${name}@${offset}`),
      );
    }
    for (const name of [...pending.keys()]) end(name, 'nobody knows');
  }
  return (group: string, { topic, partition, offset }: Place): boolean =>
    all.get(`${nameOf({ group, topic, partition })}@${offset}`) ?? false;
}

/**
 * By when services certainly recorded: when the first of them has read anything. A shop records as
 * a whole or not at all, so what comes later is written down by whoever reads it; and a group of
 * which nothing is written down has lost its recordings, or somebody has taken them away.
 */
export function recordingSince(consumed: readonly ConsumeLog[]): number {
  let since = Infinity;
  for (const { events } of consumed) {
    for (const event of events) if (event.kind === 'read') since = Math.min(since, event.at);
  }
  return since;
}
