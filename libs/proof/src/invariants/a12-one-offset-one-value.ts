import type { LogView } from '../log-view.js';
import { placeOf, type DataRecord } from '../evidence/kafka-log.js';
import type { CounterExample, Invariant } from '../invariant.js';
import { deadLetterTopics } from '../registry.js';
import { remembered } from './remembered.js';

export const a12: Invariant = {
  id: 'A12',
  says: 'Whoever has read a place in Kafka has read the same there.',
  rule:
    'the event that a table has noted for a topic, partition and offset is the one that lies ' +
    'there; a parked copy has the bytes of its original',
  judge({ evidence, log }) {
    const places = remembered(evidence).filter(({ eventId }) => eventId !== null);
    const parked = deadLetterTopics.flatMap((topic) => log.committed(topic));
    return {
      rows: places.length + parked.length,
      counterExamples: [
        ...places.flatMap(({ place, eventId, orderId, by }) => {
          const record = log.at(place);
          if (!record || idOf(record) === eventId) return [];
          const what = `${by} is ${eventId}, the record there is ${idOf(record)}`;
          return [{ what, orderId, eventId: eventId ?? undefined, at: placeOf(place) }];
        }),
        ...parked.flatMap((copy) => copyFaults(log, copy)),
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
