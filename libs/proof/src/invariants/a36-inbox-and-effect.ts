import { eventId, orderPlacedId, topics } from '@checkout/events';
import type { Case } from '../case.js';
import { placeOf, type PartitionLog } from '../evidence/kafka-log.js';
import type { CounterExample, Invariant } from '../invariant.js';
import type { AnySeen } from '../log-view.js';
import { factKindOf, markedBy, markings, type Marking } from './marks.js';

export const a36: Invariant = {
  id: 'A36',
  says: 'An event has its mark in the inbox exactly if it has had its effect.',
  rule:
    'inbox of order.status ⟷ order_facts and product levels; inbox of payment.charge ⟷ payments ' +
    '(approved_event_id, cancel_event_id); by event id, each once, parked ones left out; where ' +
    'nothing was compacted or deleted by age, each mark is of an event on a topic of its group; ' +
    'a fact is of the order and of the kind that its event is about; a payment is called for by ' +
    'an approval or a wish, and cancelled by the wish about its own order',
  judge(observed) {
    const parts = markings.map((marking) => withoutEffect(observed, marking));
    const strays = withoutMark(observed);
    return {
      rows: parts.reduce((sum, { rows }) => sum + rows, 0) + strays.rows,
      counterExamples: [
        ...parts.flatMap(({ counterExamples }) => counterExamples),
        ...strays.counterExamples,
        ...markedTwice(observed),
        ...markings.flatMap((marking) => ofNothing(observed, marking)),
        ...cancelledByAnother(observed),
        ...ofAnotherEvent(observed),
        ...calledForByNothing(observed),
      ],
    };
  },
};

interface Part {
  readonly rows: number;
  readonly counterExamples: readonly CounterExample[];
}

function withoutEffect({ evidence, log }: Case, marking: Marking): Part {
  const { inbox, parked } = evidence[marking.database];
  const events = new Map(markedBy(marking, log).map((event) => [event.id, event]));
  const isParked = new Set(parked.map(({ eventId }) => eventId));
  const has = effectsOf(evidence, marking);
  const own = inbox.filter(({ group, eventId }) => {
    return group === marking.group && events.has(eventId) && !isParked.has(eventId);
  });
  return {
    rows: own.length,
    counterExamples: own.flatMap(({ eventId }) => {
      const event = events.get(eventId);
      if (!event || has(event)) return [];
      const what = `${marking.group} has a mark of this ${event.type}, and it had no effect`;
      return [{ what, orderId: event.orderId ?? undefined, eventId, at: placeOf(event.record) }];
    }),
  };
}

function effectsOf(
  { orders, payments }: Case['evidence'],
  { group }: Marking,
): (event: AnySeen) => boolean {
  if (group === 'payment.charge') {
    const byOrder = new Map(payments.payments.map((row) => [row.orderId, row]));
    return (event) => {
      const payment = byOrder.get(event.orderId ?? '');
      const approves = event.type === 'OrderApproved';
      return event.id === (approves ? payment?.approvedEventId : payment?.cancelEventId);
    };
  }
  const facts = new Map(
    orders.facts.map(({ orderId, kind, eventId }) => [`${orderId} ${kind}`, eventId]),
  );
  const levels = new Map(orders.levels.map((row) => [row.bucket, row.offset]));
  return (event) => {
    if (event.type === 'StockLevelChanged') {
      return event.record.offset <= (levels.get(event.payload.bucket) ?? -1);
    }
    const kind = factKindOf(event);
    return kind === null || facts.get(`${event.orderId} ${kind}`) === event.id;
  };
}

function markedTwice({ evidence: { orders, payments } }: Case): CounterExample[] {
  const seen = new Set<string>();
  return [...orders.inbox, ...payments.inbox].flatMap(({ group, eventId }) => {
    const name = `${group} ${eventId}`;
    if (seen.has(name)) return [{ what: `${group} has two marks of it`, eventId }];
    seen.add(name);
    return [];
  });
}

/** What an approval is that never was, A14 says. */
function ofNothing({ evidence, log }: Case, marking: Marking): CounterExample[] {
  const names = marking.topics.map((key): string => topics[key].name);
  const logs = evidence.kafka.logs.filter(({ topic }) => names.includes(topic));
  if (!logs.every(isWhole)) return [];
  const { inbox, parked } = evidence[marking.database];
  const { payments } = evidence.payments;
  const known = new Set([
    ...names.flatMap((name) => log.records(name).map(({ headers }) => headers['id'])),
    ...parked.map(({ eventId }) => eventId),
    ...payments.map(({ approvedEventId }) => approvedEventId),
  ]);
  const cancelled = new Map(payments.map((row) => [row.cancelEventId, row.orderId]));
  return inbox
    .filter(({ group, eventId }) => group === marking.group && !known.has(eventId))
    .map(({ group, eventId }) => ({
      what: `${group} has a mark of an event that never was`,
      orderId: cancelled.get(eventId),
      eventId,
    }));
}

/** Compaction leaves holes; age takes the beginning. */
function isWhole({ start, end, records, markers }: PartitionLog): boolean {
  return start === 0 && records.length + markers.length >= end;
}

function cancelledByAnother({ evidence }: Case): CounterExample[] {
  return evidence.payments.payments.flatMap(({ orderId, cancelEventId }) => {
    const own = eventId(orderPlacedId(orderId), 'OrderCancelRequested');
    if (cancelEventId === null || cancelEventId === own) return [];
    const what = 'its payment was cancelled by what is no wish about this order';
    return [{ what, orderId, eventId: cancelEventId }];
  });
}

/** A fact is what its event says of the order that the event is about. */
function ofAnotherEvent({ evidence, log }: Case): CounterExample[] {
  const status = markings.filter(({ group }) => group === 'order.status');
  const events = new Map(
    status.flatMap((marking) => markedBy(marking, log).map((event) => [event.id, event] as const)),
  );
  return evidence.orders.facts.flatMap(({ orderId, kind, eventId }) => {
    const event = events.get(eventId);
    if (!event || (event.orderId === orderId && factKindOf(event) === kind)) return [];
    const about = `a ${event.type} of order ${event.orderId}`;
    return [{ what: `the fact "${kind}" was made of ${about}`, orderId, eventId }];
  });
}

function calledForByNothing({ evidence }: Case): CounterExample[] {
  const uncalled = evidence.payments.payments.filter(({ approvedEventId, cancelEventId }) => {
    return approvedEventId === null && cancelEventId === null;
  });
  return uncalled.map(({ orderId }) => {
    return { what: 'has a payment that no approval and no wish calls for', orderId };
  });
}

function withoutMark({ evidence }: Case): Part {
  const { orders, payments } = evidence;
  const marks = new Set(
    [...orders.inbox, ...payments.inbox].map(({ group, eventId }) => `${group} ${eventId}`),
  );
  const effects = [
    ...orders.facts.map(({ orderId, eventId, kind }) => {
      return { orderId, eventId, group: 'order.status', what: `the fact "${kind}"` };
    }),
    ...payments.payments.flatMap(({ orderId, approvedEventId, cancelEventId }) => {
      const common = { orderId, group: 'payment.charge' };
      return [
        { ...common, eventId: approvedEventId, what: 'the payment' },
        { ...common, eventId: cancelEventId, what: 'the cancellation' },
      ];
    }),
  ].filter(({ eventId }) => eventId !== null);
  return {
    rows: effects.length,
    counterExamples: effects
      .filter(({ group, eventId }) => !marks.has(`${group} ${eventId}`))
      .map(({ orderId, eventId, group, what }) => ({
        what: `${what} is there, and ${group} has no mark of its event`,
        orderId,
        eventId: eventId ?? undefined,
      })),
  };
}
