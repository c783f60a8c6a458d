import { deadLetterTopics } from '@checkout/events';
import type { Case } from '../case.js';
import { placeOf, type DataRecord } from '../evidence/kafka-log.js';
import type { CounterExample, Invariant } from '../invariant.js';
import type { LogView } from '../log-view.js';
import { contentHash } from '../recordings/consume-log.js';
import { readings } from './consumed.js';
import { remembered } from './remembered.js';

export const a12: Invariant = {
  id: 'A12',
  says: 'Whoever has read a place in Kafka has read the same there.',
  rule:
    'the event that a table has noted for a topic, partition and offset is the one that lies ' +
    'there; what services recorded as read there has the same content; a parked copy has the ' +
    'bytes of its original',
  judge(observed) {
    const { evidence, log } = observed;
    const places = remembered(evidence).filter(({ eventId }) => eventId !== null);
    const parked = deadLetterTopics.flatMap((topic) => log.committed(topic));
    const read = otherwiseRead(observed);
    return {
      rows: places.length + parked.length + read.rows,
      counterExamples: [
        ...places.flatMap(({ place, eventId, orderId, by }) => {
          const record = log.at(place);
          if (!record || idOf(record) === eventId) return [];
          const what = `${by} is ${eventId}, the record there is ${idOf(record)}`;
          return [{ what, orderId, eventId: eventId ?? undefined, at: placeOf(place) }];
        }),
        ...parked.flatMap((copy) => copyFaults(log, copy)),
        ...read.counterExamples,
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

/** Bytes that are no text: their hash cannot be made again from the text. */
const NO_TEXT = '\uFFFD';

function otherwiseRead({ evidence, log }: Case): {
  rows: number;
  counterExamples: CounterExample[];
} {
  let rows = 0;
  const all = readings(evidence.recordings.consumed ?? []);
  const counterExamples = all.flatMap(({ group, topic, partition, records }) =>
    records.flatMap(({ offset, hash }): CounterExample[] => {
      const record = log.at({ topic, partition, offset });
      if (!record || `${record.key} ${record.value}`.includes(NO_TEXT)) return [];
      rows++;
      if (contentHash(record) === hash) return [];
      const eventId = record.headers['id'];
      return [{ what: `${group} has read something else there`, eventId, at: placeOf(record) }];
    }),
  );
  return { rows, counterExamples };
}
