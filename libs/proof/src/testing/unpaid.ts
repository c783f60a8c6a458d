import { topics, type TopicDefinition } from '@checkout/events';
import type { Draft } from './draft.js';
import { committed, forgetAtLastAudit, hide, ordersThatAre, type DraftRecord } from './planting.js';

type Order = Draft['orders']['orders'][number];

/** An order that is booked and stays so. */
export function calmOrder(draft: Draft): Order | undefined {
  return ordersThatAre(draft, 'booked').find((one) => !one.cancelRequested && !one.overdue);
}

/** As if it had never stood on a topic, and nobody had read it. */
export function unsay(draft: Draft, record: DraftRecord): void {
  const id = record.headers['id'];
  hide(draft, record);
  const { orders, payments } = draft;
  for (const log of draft.kafka.logs)
    log.records = log.records.filter(({ key }) => key !== record.key);
  for (const { events } of draft.recordings.consumed ?? []) {
    for (const one of events) {
      if (one.kind === 'read') one.records = one.records.filter((read) => read.id !== id);
    }
  }
  orders.facts = orders.facts.filter(({ eventId }) => eventId !== id);
  orders.inbox = orders.inbox.filter(({ eventId }) => eventId !== id);
  payments.outbox = payments.outbox.filter((row) => row.id !== id);
  draft.ledger.entries = draft.ledger.entries.filter((row) => row.transactionId !== record.key);
  forgetAtLastAudit(draft, record.key);
}

/** Payment has told nobody what became of an order: a person must look at it. */
export function quarantine(draft: Draft, order: Order): void {
  const isIts = ({ value }: DraftRecord) => value?.includes(order.id);
  for (const key of ['outboxPayment', 'ledger'] as const) {
    for (const record of committed(draft, key).filter(isIts)) unsay(draft, record);
  }
  const payment = draft.payments.payments.find(({ orderId }) => orderId === order.id);
  const undecided = { decidedAt: null, decidedXid: null, fee: null };
  if (payment) Object.assign(payment, { ...undecided, state: 'QUARANTINED' });
}

/** The gateway has given nothing back, and nobody has asked for it. */
export function unrefunded({ gateway, payments }: Draft, { id }: Order): void {
  const isIts = ({ orderId }: { orderId: string | null }) => orderId === id;
  const { books } = gateway;
  books.refunds = books.refunds.filter((row) => !isIts(row));
  books.requests = books.requests.filter((row) => !isIts(row) || row.path !== '/v1/refunds');
  payments.attempts = payments.attempts.filter((row) => !isIts(row) || row.operation !== 'refund');
  const payment = payments.payments.find(isIts);
  if (payment) Object.assign(payment, { refundReference: null, refundedXid: null });
  const isOther = (row: { orderId: string | null; type: string }) => {
    return !isIts(row) || row.type !== 'charge.refunded';
  };
  gateway.events = gateway.events.filter(isOther);
  payments.webhooks = payments.webhooks.filter(isOther);
}

/** The gateway knows nothing of an order, and nobody has asked it. */
export function unasked(draft: Draft, { id }: Order): void {
  const isOther = (row: { orderId: string | null }) => row.orderId !== id;
  const { gateway, payments } = draft;
  const { books } = gateway;
  gateway.intents = gateway.intents.filter(isOther);
  gateway.events = gateway.events.filter(isOther);
  books.charges = books.charges.filter(isOther);
  books.refunds = books.refunds.filter(isOther);
  books.requests = books.requests.filter(isOther);
  payments.attempts = payments.attempts.filter(isOther);
  payments.webhooks = payments.webhooks.filter(isOther);
  for (const payment of payments.payments) if (!isOther(payment)) payment.intentId = null;
}

/** It has not come any further than to its approval. */
export function stopAtApproval(draft: Draft, order: Order): void {
  const { orders, recordings } = draft;
  Object.assign(order, { status: 'approved', version: 2 });
  const isPast = (row: { orderId: string; version: number }) => {
    return row.orderId !== order.id || row.version <= 2;
  };
  orders.history = orders.history.filter(isPast);
  orders.told = orders.told.filter(isPast);
  recordings.reads = (recordings.reads ?? []).filter(({ orderId, seen }) => {
    return isPast({ orderId, version: seen?.version ?? 0 });
  });
}

/** What topics that forget have said is deleted. */
export function cutOff(draft: Draft): void {
  const forgetful = Object.values<TopicDefinition>(topics).filter(
    ({ cleanup }) => cleanup === 'delete',
  );
  for (const log of draft.kafka.logs) {
    if (!forgetful.some(({ name }) => name === log.topic)) continue;
    Object.assign(log, { start: log.end, records: [], markers: [] });
  }
}

/** Two weeks later, and the stages cannot be run again. */
export function growOld(draft: Draft): void {
  cutOff(draft);
  draft.orders.readAt += 14 * 24 * 3_600_000;
}
