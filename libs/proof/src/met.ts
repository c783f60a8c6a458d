import type { Evidence } from './evidence/evidence.js';
import type { PartitionLog } from './evidence/kafka-log.js';

/**
 * What the system went through before it was judged: a promise that held while nothing went wrong
 * has not been tried. Counted, and judged by nobody here; whoever makes faults says how many of
 * each there must have been.
 */
export interface Met {
  /** Sendings of clients that never learned what became of them. */
  readonly unknownAnswers: number;
  /** Sendings under a key that had been sent before. */
  readonly repeats: number;
  /** Attempts after one that had failed: at a card that was to be tried again, and such. */
  readonly furtherAttempts: number;
  /** Kafka transactions that were aborted after they had written, in each partition by itself. */
  readonly aborts: number;
  /** Of these: those that began in a partition before an earlier one had ended there. */
  readonly overlappingAborts: number;
  /** Times that a partition was taken by another life of its consumer, or by the same again. */
  readonly takeovers: number;
  /** Records that a group read more than once. */
  readonly readAgain: number;
}

export function metBy({ kafka, recordings, payments }: Evidence): Met {
  const operations = (recordings.history ?? []).filter(({ result }) => result !== 'sent');
  const sent = new Set(operations.map(({ customerId, op, key }) => `${customerId} ${op} ${key}`));
  const aborted = kafka.logs.map(abortsOf);
  return {
    unknownAnswers: operations.filter(({ result }) => result === 'unknown').length,
    repeats: operations.length - sent.size,
    furtherAttempts: payments.attempts.filter(({ attempt }) => attempt > 1).length,
    aborts: aborted.flat().length,
    overlappingAborts: aborted.reduce((sum, one) => sum + overlapping(one), 0),
    ...consumersOf(recordings.consumed ?? []),
  };
}

interface Stretch {
  readonly from: number;
  readonly marker: number;
}

/** From the first record of each to its marker, in order of the markers. */
function abortsOf({ records, markers }: PartitionLog): Stretch[] {
  const begun = new Map<bigint, number>();
  const written = records.values();
  let record = written.next();
  const aborts: Stretch[] = [];
  for (const { offset, producerId, ending } of markers) {
    for (; !record.done && record.value.offset < offset; record = written.next()) {
      const { transactional, producerId: writer } = record.value;
      if (transactional && !begun.has(writer)) begun.set(writer, record.value.offset);
    }
    const from = begun.get(producerId);
    begun.delete(producerId);
    if (ending === 'abort' && from !== undefined) aborts.push({ from, marker: offset });
  }
  return aborts;
}

function overlapping(aborts: readonly Stretch[]): number {
  let earlierMarker = -1;
  let found = 0;
  for (const { from, marker } of aborts.toSorted((a, b) => a.from - b.from)) {
    if (from < earlierMarker) found++;
    earlierMarker = Math.max(earlierMarker, marker);
  }
  return found;
}

type Lives = NonNullable<Evidence['recordings']['consumed']>;

function consumersOf(lives: Lives): Pick<Met, 'takeovers' | 'readAgain'> {
  const took: string[] = [];
  const read: string[] = [];
  for (const event of lives.flatMap(({ events }) => events)) {
    const where = `${event.group} ${event.topic}-${event.partition}`;
    if (event.kind === 'took') took.push(where);
    if (event.kind === 'read') {
      for (const { offset } of event.records) read.push(`${where}@${offset}`);
    }
  }
  return { takeovers: again(took), readAgain: again(read) };
}

/** How many have been there before. */
function again(names: readonly string[]): number {
  return names.length - new Set(names).size;
}
