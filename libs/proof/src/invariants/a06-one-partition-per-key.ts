import { partitionOf, topics, type TopicDefinition } from '@checkout/events';
import type { AnySeen } from '../log-view.js';
import { placeOf } from '../evidence/kafka-log.js';
import type { Invariant } from '../invariant.js';
import { topicKeys } from '../registry.js';
import { misplaced } from './order-of-events.js';

export const a06: Invariant = {
  id: 'A06',
  says: 'Every record lies on the partition of its key: what is about one order is in order.',
  rule:
    'partition = murmur2(key) mod partitions for every committed record; the key is the one ' +
    'that the registry names: order id, sku, customer, bucket, transaction id; per order, topic ' +
    'and partition the first occurrences rise with their causes: OrderPlaced before ' +
    'OrderCancelRequested and OrderOverdue, PaymentSucceeded before PaymentRefunded, OrderOpened ' +
    'before each answer and PaymentClosed',
  judge(observed) {
    const { log } = observed;
    // A canary is about nothing, so it has no order to keep.
    const seen = topicKeys
      .filter((key) => key !== 'outboxCanary')
      .flatMap((key) => log.events(key).map((event) => ({ event: event, topic: topics[key] })));
    return {
      rows: seen.length,
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
