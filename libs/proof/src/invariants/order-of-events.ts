import { topics, type EventType } from '@checkout/events';
import type { Case } from '../case.js';
import { placeOf, type DataRecord } from '../evidence/kafka-log.js';
import type { CounterExample } from '../invariant.js';
import type { AnySeen, TopicKey } from '../log-view.js';

/**
 * What comes first about one order. Each pair is cause and effect: whoever writes the later one has
 * read the earlier one from its topic, or found it in his database when it was committed there; and
 * change data capture keeps the order of commits. CheckFailed is in no pair: a record that cannot
 * be read ends the wait for an order that may not have been opened. What stock goes through changes
 * with its order, so A10 sees that.
 */
const PAIRS: Partial<Record<TopicKey, readonly (readonly [EventType, EventType])[]>> = {
  outboxOrder: [
    ['OrderPlaced', 'OrderCancelRequested'],
    ['OrderPlaced', 'OrderOverdue'],
  ],
  outboxPayment: [['PaymentSucceeded', 'PaymentRefunded']],
  checks: [
    ['OrderOpened', 'StockReserved'],
    ['OrderOpened', 'StockRefused'],
    ['OrderOpened', 'FraudCleared'],
    ['OrderOpened', 'FraudRefused'],
    ['OrderOpened', 'PaymentClosed'],
  ],
};

/** Pairs of first occurrences, on one partition, of which the later one comes first. */
export function misplaced(observed: Case): CounterExample[] {
  const archived = archivedOf(observed);
  return Object.entries(PAIRS).flatMap(([key, pairs]) => {
    const events: readonly AnySeen[] = observed.log.events(key as TopicKey);
    return [...Map.groupBy(events, orderOnPartition).values()].flatMap((own) => {
      const first = firstOf(own, archived);
      return pairs.flatMap(([earlier, later]): CounterExample[] => {
        const [before, after] = [first.get(earlier), first.get(later)];
        if (!before || !after || before.offset < after.offset) return [];
        if (isOfAnother(before.event, after.event)) return [];
        const { orderId, id, record } = after.event;
        const at = placeOf({ ...record, offset: after.offset });
        const what = `its ${later} lies before its ${earlier}, which is at ${before.offset}`;
        return [{ what, orderId: orderId ?? undefined, eventId: id, at }];
      });
    });
  });
}

/** A wish that names another order than the one that it follows from is for A04 to name. */
function isOfAnother(placed: AnySeen, { causationId }: AnySeen): boolean {
  return placed.type === 'OrderPlaced' && placed.id !== causationId;
}

function orderOnPartition({ orderId, record }: AnySeen): string {
  return `${record.partition} ${orderId}`;
}

interface First {
  readonly event: AnySeen;
  readonly offset: number;
}

/** Compaction keeps the last of repeats: the archive has noted the first. */
function firstOf(
  events: readonly AnySeen[],
  archived: (record: DataRecord) => number | undefined,
): ReadonlyMap<EventType, First> {
  const first = new Map<EventType, First>();
  for (const event of events) {
    const offset = Math.min(event.record.offset, archived(event.record) ?? Infinity);
    const known = first.get(event.type);
    if (!known || offset < known.offset) first.set(event.type, { event, offset });
  }
  return first;
}

const OUTBOXES: ReadonlySet<string> = new Set([topics.outboxOrder.name, topics.outboxPayment.name]);

function archivedOf({ evidence: { orders, payments } }: Case) {
  const rows = [...orders.outbox, ...payments.outbox];
  const places = new Map(rows.map(({ id, published }) => [id, published]));
  return ({ topic, partition, headers }: DataRecord): number | undefined => {
    const place = OUTBOXES.has(topic) ? places.get(headers['id'] ?? '') : null;
    return place?.topic === topic && place.partition === partition ? place.offset : undefined;
  };
}
