import { placeOf } from '../evidence/kafka-log.js';
import type { Invariant } from '../invariant.js';
import { remembered } from './remembered.js';

export const a07: Invariant = {
  id: 'A07',
  says: 'Nobody has acted on a record whose Kafka transaction was aborted or never ended.',
  rule:
    'for every topic, partition and offset that a table names (order_facts, outbox_archive, ' +
    'parked, products): the record there is not aborted and not open, by its own markers',
  judge({ evidence, log }) {
    const places = remembered(evidence);
    return {
      rows: places.length,
      counterExamples: places.flatMap(({ place, by, eventId, orderId }) => {
        const record = log.at(place);
        const fate = record && log.fateOf(record);
        if (fate === undefined || fate === 'committed') return [];
        const what = `${by} comes from a record that is ${fate}`;
        return [{ what, orderId, eventId: eventId ?? undefined, at: placeOf(place) }];
      }),
    };
  },
};
