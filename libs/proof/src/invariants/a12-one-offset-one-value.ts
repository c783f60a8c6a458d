import { deadLetterTopics, topics } from '@checkout/events';
import type { Case } from '../case.js';
import { placeOf, type DataRecord } from '../evidence/kafka-log.js';
import type { CounterExample, Invariant } from '../invariant.js';
import type { LogView } from '../log-view.js';
import { contentHash } from '../recordings/consume-log.js';
import { absence } from './absence.js';
import { readings, recordedPart } from './consumed.js';
import { remembered } from './remembered.js';

export const a12: Invariant = {
  id: 'A12',
  says: 'Whoever has read a place in Kafka has read the same there, and something lies there.',
  rule:
    'at each topic, partition and offset that a table has noted, or that a service recorded, ' +
    'lies a record, unless age or compaction has taken it; it is the event that was noted, and ' +
    'has the content that was recorded; a parked copy has the bytes of its original; no header ' +
    'stands on a record twice, for readers to choose from, unless it was broken on purpose',
  judge(observed) {
    const { evidence, log } = observed;
    const places = remembered(evidence);
    const missing = absence(observed);
    const parked = deadLetterTopics.flatMap((topic) => log.committed(topic));
    const read = otherwiseRead(observed, missing);
    return {
      rows: places.length + parked.length + read.rows,
      ...recordedPart(observed, read.rows),
      counterExamples: [
        ...places.flatMap(({ place, eventId, known, orderId, by }) => {
          const about = { orderId, eventId: eventId ?? undefined, at: placeOf(place) };
          const nothing = missing({ place, known });
          if (nothing) return [{ what: `${by} names a place, and ${nothing}`, ...about }];
          const record = log.at(place);
          if (!record || eventId === null || idOf(record) === eventId) return [];
          const what = `${by} is ${eventId}, the record there is ${idOf(record)}`;
          return [{ what, ...about }];
        }),
        ...parked.flatMap((copy) => copyFaults(log, copy)),
        ...read.counterExamples,
        ...beyondTheEnd(observed),
        ...ambiguous(observed),
      ],
    };
  },
};

const idOf = ({ headers, key }: DataRecord): string | null => headers['id'] ?? key;

function copyFaults(log: LogView, copy: DataRecord): CounterExample[] {
  const { headers } = copy;
  const original = log.at({
    topic: headers['dlq-topic'] ?? '',
    partition: Number(headers['dlq-partition']),
    offset: Number(headers['dlq-offset']),
  });
  if (!original || (original.key === copy.key && original.value === copy.value)) return [];
  return [{ what: 'the parked copy differs from what was parked', at: placeOf(copy) }];
}

/** Some readers take the first of two headers, some the last. */
function ambiguous({ evidence, log }: Case): CounterExample[] {
  const planted = new Set(evidence.recordings.planted.map(placeOf));
  const records = Object.values(topics).flatMap(({ name }) => log.committed(name));
  return records.flatMap((record) => {
    const [name] = record.repeatedHeaders ?? [];
    if (name === undefined || planted.has(placeOf(record))) return [];
    const eventId = record.headers['id'];
    return [{ what: `its header ${name} stands there twice`, eventId, at: placeOf(record) }];
  });
}

/** Bytes that are no text: their hash cannot be made again from the text. */
const NO_TEXT = '\uFFFD';

/** Where a life of a service says to have got to. */
function beyondTheEnd({ evidence: { kafka, recordings } }: Case): CounterExample[] {
  const ends = new Map(kafka.logs.map((log) => [`${log.topic}-${log.partition}`, log.end]));
  return (recordings.consumed ?? []).flatMap(({ incarnation, events }) =>
    events.flatMap((event): CounterExample[] => {
      const end = ends.get(`${event.topic}-${event.partition}`);
      if (event.kind !== 'ended' || end === undefined || event.end <= end) return [];
      const what = `${event.group} (${incarnation}) got to ${event.end}, the log ends at ${end}`;
      return [{ what, at: `${event.topic}-${event.partition}` }];
    }),
  );
}

/** What was read is known by its event; a level is replaced by another event of its product. */
function replacedBy(topic: string, id: string | null): string | null {
  return topic === topics.inventoryLevels.name ? null : id;
}

function otherwiseRead(
  { evidence, log }: Case,
  missing: ReturnType<typeof absence>,
): { rows: number; counterExamples: CounterExample[] } {
  let rows = 0;
  const all = readings(evidence.recordings.consumed ?? []);
  const counterExamples = all.flatMap(({ group, topic, partition, records }) =>
    records.flatMap(({ offset, id, hash }): CounterExample[] => {
      const place = { topic, partition, offset };
      const nothing = missing({ place, known: replacedBy(topic, id) });
      if (nothing) {
        const what = `${group} says to have read there, and ${nothing}`;
        return [{ what, eventId: id ?? undefined, at: placeOf(place) }];
      }
      const record = log.at(place);
      if (!record || `${record.key} ${record.value}`.includes(NO_TEXT)) return [];
      rows++;
      if (contentHash(record) === hash) return [];
      const eventId = record.headers['id'];
      return [{ what: `${group} has read something else there`, eventId, at: placeOf(record) }];
    }),
  );
  return { rows, counterExamples };
}
