import { topics } from '@checkout/events';
import type { Evidence } from '../evidence/evidence.js';
import type { Coordinate } from '../evidence/kafka-log.js';

/** A place in Kafka that somebody has written down as read, and what was read there. */
export interface Remembered {
  readonly place: Coordinate;
  /** The event's id there; null when the place is known by its content only. */
  readonly eventId: string | null;
  /** What its record is known by: the event’s id, or its key. */
  readonly known: string | null;
  readonly orderId: string | undefined;
  readonly by: string;
}

export function remembered({ orders, payments }: Evidence): Remembered[] {
  return [
    ...orders.facts.map(({ topic, partition, offset, eventId, orderId, kind }) => ({
      place: { topic, partition, offset },
      eventId,
      known: eventId,
      orderId,
      by: `the fact "${kind}" of the order`,
    })),
    ...[...orders.outbox, ...payments.outbox].flatMap(({ id, published, payload }) => {
      if (published === null) return [];
      const orderId = /"orderId":"([0-9a-f-]{36})"/.exec(payload)?.[1];
      return [
        { place: published, eventId: id, known: id, orderId, by: 'the archive of the outbox' },
      ];
    }),
    ...[...orders.parked, ...payments.parked].map(
      ({ topic, partition, offset, group, eventId }) => ({
        place: { topic, partition, offset },
        eventId: null,
        known: eventId,
        orderId: undefined,
        by: `what ${group} has parked`,
      }),
    ),
    ...orders.levels.map(({ bucket, partition, offset }) => ({
      place: { topic: topics.inventoryLevels.name, partition, offset },
      eventId: null,
      known: bucket,
      orderId: undefined,
      by: `the level of ${bucket}`,
    })),
  ];
}
