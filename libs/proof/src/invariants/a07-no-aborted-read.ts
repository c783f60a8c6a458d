import type { Case } from '../case.js';
import { placeOf } from '../evidence/kafka-log.js';
import type { CounterExample, Invariant } from '../invariant.js';
import { readings, recordedPart } from './consumed.js';
import { markersOf } from './markers-of.js';
import { remembered } from './remembered.js';

export const a07: Invariant = {
  id: 'A07',
  says: 'Nobody has acted on a record whose Kafka transaction was aborted or never ended.',
  rule:
    'for every topic, partition and offset that a table names (order_facts, outbox_archive, ' +
    'parked, products) or a service recorded: the record there is not aborted and not open, by ' +
    'its own markers, and was not read before its marker was written',
  atEveryMoment: true,
  judge(observed) {
    const places = remembered(observed.evidence);
    const early = earlyReads(observed);
    return {
      rows: places.length + early.rows,
      ...recordedPart(observed, early.rows),
      counterExamples: [
        ...places.flatMap(({ place, by, eventId, orderId }) => {
          const record = observed.log.at(place);
          const fate = record && observed.log.fateOf(record);
          if (fate === undefined || fate === 'committed') return [];
          const what = `${by} comes from a record that is ${fate}`;
          return [{ what, orderId, eventId: eventId ?? undefined, at: placeOf(place) }];
        }),
        ...early.counterExamples,
      ],
    };
  },
};

/** The broker's clock and a service's on one machine: a millisecond is cut off on either side. */
const CLOCKS_DIFFER_MS = 5;

function earlyReads({ evidence, log }: Case): { rows: number; counterExamples: CounterExample[] } {
  const { consumed } = evidence.recordings;
  if (consumed === null) return { rows: 0, counterExamples: [] };
  const markerOf = markersOf(evidence.kafka);
  let rows = 0;
  const counterExamples = readings(consumed).flatMap(({ group, topic, partition, records }) =>
    records.flatMap(({ offset, at, id }): CounterExample[] => {
      rows++;
      const place = { topic, partition, offset };
      const record = log.at(place);
      if (!record) return [];
      const about = { eventId: id ?? undefined, at: placeOf(place) };
      const fate = log.fateOf(record);
      if (fate !== 'committed') return [{ what: `${group} has read what is ${fate}`, ...about }];
      const marker = markerOf(record);
      if (!marker || at + CLOCKS_DIFFER_MS >= marker.timestamp) return [];
      return [{ what: `${group} has read it before its commit`, ...about }];
    }),
  );
  return { rows, counterExamples };
}
