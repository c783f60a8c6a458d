import { changelogs, partitionOf, topics, type TopicDefinition } from '@checkout/events';
import type { AnySeen, StoreKey } from '../log-view.js';
import type { Case } from '../case.js';
import { placeOf } from '../evidence/kafka-log.js';
import type { CounterExample, Invariant } from '../invariant.js';
import { topicKeys } from '../registry.js';
import { misplaced } from './order-of-events.js';

export const a06: Invariant = {
  id: 'A06',
  says: 'Every record lies on the partition of its key: what is about one order is in order.',
  rule:
    'partition = murmur2(key) mod partitions for every committed record; the key is the one ' +
    'that the registry names: order id, sku, customer, bucket, transaction id; a row of the ' +
    'stores of stock, velocity and checks lies where its bucket, customer or order is read; per ' +
    'order, topic and partition the first occurrences rise with their causes: OrderPlaced before ' +
    'OrderCancelRequested and OrderOverdue, PaymentSucceeded before PaymentRefunded, OrderOpened ' +
    'before each answer and PaymentClosed',
  judge(observed) {
    const { log } = observed;
    // A canary is about nothing, so it has no order to keep.
    const seen = topicKeys
      .filter((key) => key !== 'outboxCanary')
      .flatMap((key) => log.events(key).map((event) => ({ event: event, topic: topics[key] })));
    const rows = rowsOfStores(observed);
    return {
      rows: seen.length + rows.length,
      counterExamples: [
        ...seen.flatMap(({ event, topic }) => {
          const due = partitionOf(placedBy(topic, event), topic.partitions);
          const { record } = event;
          if (record.partition === due) return [];
          const what = `lies on partition ${record.partition}, its key belongs on ${due}`;
          return [
            { what, orderId: event.orderId ?? undefined, eventId: event.id, at: placeOf(record) },
          ];
        }),
        ...rows.flat(),
        ...misplaced(observed),
      ],
    };
  },
};

function placedBy(topic: TopicDefinition, { record, payload }: AnySeen): string {
  switch (topic.partitionedBy) {
    case 'order id':
      return 'orderId' in payload ? (payload.orderId ?? '') : '';
    case 'sku':
      return 'sku' in payload ? payload.sku : '';
    default:
      return record.key ?? '';
  }
}

/** Rows of a store lie where the records are read that they are about: bucket, customer, order. */
const OWNERS: readonly StoreKey[] = ['stock', 'velocity', 'checks'];

function rowsOfStores({ log }: Case): CounterExample[][] {
  return OWNERS.flatMap((store) => {
    const { partitions } = changelogs[store];
    return log.committed(log.changelog(store)).map((record) => {
      const [owner = ''] = (record.key ?? '').split(/[|#]/);
      const due = partitionOf(owner, partitions);
      if (record.partition === due) return [];
      const what = `row ${record.key} lies on partition ${record.partition}, it belongs on ${due}`;
      return [{ what, at: placeOf(record) }];
    });
  });
}
