import type { Case } from '../case.js';
import { placeOf, type DataRecord } from '../evidence/kafka-log.js';
import type { CounterExample, Invariant } from '../invariant.js';
import { NO_RECORD, readings, recordedPart, type Reading } from './consumed.js';

export const a09: Invariant = {
  id: 'A09',
  says: 'While a service holds a partition it reads on record by record: no jump, no way back.',
  rule:
    'consume log, within one reading of a partition: offsets rise, the first is the first ' +
    'committed record from the position on, and no committed record lies between two neighbours',
  judge(observed) {
    const { evidence, log } = observed;
    const { consumed } = evidence.recordings;
    if (consumed === null) return { notObserved: NO_RECORD };
    const all = readings(consumed);
    const rows = all.reduce((sum, { records }) => sum + records.length, 0);
    if (rows === 0) return { notObserved: 'the services have read nothing since they record' };
    const committed = committedOffsets(evidence, log);
    return {
      rows,
      ...recordedPart(observed, rows),
      counterExamples: all.flatMap((reading) => {
        const { topic, partition } = reading;
        return faults(reading, committed.get(`${topic}-${partition}`) ?? []);
      }),
    };
  },
};

function committedOffsets(
  { kafka }: Case['evidence'],
  log: Case['log'],
): ReadonlyMap<string, readonly number[]> {
  const isCommitted = (record: DataRecord): boolean => log.fateOf(record) === 'committed';
  return new Map(
    kafka.logs.map(({ topic, partition, records }) => [
      `${topic}-${partition}`,
      records.filter(isCommitted).map(({ offset }) => offset),
    ]),
  );
}

/** The offsets are walked along beside what was read. */
function faults(reading: Reading, committed: readonly number[]): CounterExample[] {
  const { incarnation, group, topic, partition, position, records } = reading;
  const first = records[0]?.offset ?? 0;
  let next = committed.findIndex((offset) => offset >= (position ?? first));
  if (next < 0) next = committed.length;
  const found: CounterExample[] = [];
  let last = -1;
  for (const { offset, id } of records) {
    const at = placeOf({ topic, partition, offset });
    const eventId = id ?? undefined;
    if (offset <= last) {
      found.push({ what: `${group} (${incarnation}) went back from ${last}`, at, eventId });
    }
    const skipped = committed[next];
    if (skipped !== undefined && skipped < offset) {
      found.push({ what: `${group} (${incarnation}) jumped over ${skipped}`, at, eventId });
    }
    while ((committed[next] ?? Infinity) <= offset) next++;
    last = offset;
  }
  return found;
}
