import { chargeTransactionId, changelogs, topics } from '@checkout/events';
import type { Draft } from './draft.js';
import {
  committed,
  corruption,
  entriesOf,
  logsOf,
  newest,
  orderIdOf,
  ordersThatAre,
  payloadOf,
  rewrite,
  write,
  type Corruption,
  type DraftRecord,
} from './planting.js';
import { calmOrder, growOld, quarantine, unrefunded } from './unpaid.js';

const NEVER = '018f0000-0000-5000-8000-00000000dead';
const CAUSE = 'causation-id';

function entryOf(draft: Draft, kind: string): DraftRecord | undefined {
  return entriesOf(draft, kind)[0];
}

/** Where the stages cannot be run again, the chain of causes is all there is. */
const chains: readonly Corruption[] = [
  ...['charge', 'refund'].map((kind) =>
    corruption('A34', `an old ${kind} was booked that no payment has caused`, (draft) => {
      const entry = entryOf(draft, kind);
      if (!entry) return false;
      entry.headers[CAUSE] = NEVER;
      growOld(draft);
    }),
  ),
  corruption('A34', 'an old refund was booked by the payment of another order', (draft) => {
    const entry = entryOf(draft, 'refund');
    const other = committed(draft, 'outboxPayment', 'PaymentSucceeded').find((record) => {
      return entry && orderIdOf(record) !== orderIdOf(entry);
    });
    if (!entry || !other) return false;
    entry.headers[CAUSE] = other.headers['id'] ?? '';
    growOld(draft);
  }),
  corruption('A34', 'an old payment names another cause than its approval', (draft) => {
    const [paid] = committed(draft, 'outboxPayment', 'PaymentSucceeded');
    const row = draft.payments.outbox.find(({ id }) => id === paid?.key);
    if (!paid || !row) return false;
    row.causationId = NEVER;
    for (const one of committed(draft, 'outboxPayment')) {
      if (one.key === paid.key) one.headers[CAUSE] = NEVER;
    }
    growOld(draft);
  }),
  corruption('A34', 'an order was placed that names another cause than itself', (draft) => {
    const [order] = ordersThatAre(draft, 'booked');
    const row = draft.orders.outbox.find(({ type, aggregateId }) => {
      return type === 'OrderPlaced' && aggregateId === order?.id;
    });
    if (!row) return false;
    row.causationId = NEVER;
    for (const one of committed(draft, 'outboxOrder')) {
      if (one.key === row.id) one.headers[CAUSE] = NEVER;
    }
  }),
  ...['booked', 'refunded'].map((status) =>
    corruption('A34', `an old order is ${status}, and payment has told nothing`, (draft) => {
      const [order] = ordersThatAre(draft, status);
      if (!order) return false;
      quarantine(draft, order);
      unrefunded(draft, order);
      growOld(draft);
      return draft.ledger.entries.length > 0;
    }),
  ),
];

const PIECES = 7;
const SKU = 'milk-jug';

/** Whatever tells of the free pieces of a product tells of some more, or less. */
function moveLevel(draft: Draft, by: number): boolean {
  const bucket = newest(draft, changelogs.stock.name, `${SKU}/0`);
  const level = newest(draft, topics.inventoryLevels.name, `${SKU}/0`);
  const shown = draft.orders.levels.find((one) => one.bucket === `${SKU}/0`);
  if (!bucket || !level || !shown) return false;
  const row = payloadOf<{ free: number }>(bucket);
  bucket.value = JSON.stringify({ ...row, free: row.free + by });
  publish(draft, level, by);
  shown.available += by;
  return true;
}

function publish(draft: Draft, level: DraftRecord, by: number): void {
  const told = payloadOf<{ available: number }>(level);
  rewrite(draft, level, JSON.stringify({ ...told, available: told.available + by }));
}

/** Pieces, where nobody can run the stages again. */
const pieces: readonly Corruption[] = [
  corruption('A13', 'a piece is lost, and nobody offers it any more', (draft) => {
    growOld(draft);
    return moveLevel(draft, -1);
  }),
  corruption('A13', 'a delivery was counted twice', (draft) => {
    const counted = newest(draft, changelogs.stock.name, `${SKU}/0`);
    if (!counted) return false;
    growOld(draft);
    const value = JSON.stringify({ counted: PIECES });
    write(draft, { ...counted, key: `${SKU}/0|${NEVER}`, value });
    return moveLevel(draft, PIECES);
  }),
  corruption('A13', 'another level was published than is free', (draft) => {
    const level = newest(draft, topics.inventoryLevels.name, `${SKU}/0`);
    if (!level) return false;
    growOld(draft);
    publish(draft, level, 1);
  }),
];

const FORTNIGHT_MS = 14 * 24 * 3_600_000;

const marks: readonly Corruption[] = [
  ...(['fraud', 'ordersRejected'] as const).map((key) =>
    corruption('A10', `${key} has forgotten what is young with what is old`, (draft) => {
      const [record] = committed(draft, 'outboxCatalogue');
      const row = draft.orders.outbox.find(({ id }) => id === record?.key);
      if (!record || !row || committed(draft, key).length === 0) return false;
      const { occurredAt, ...added } = payloadOf<{ occurredAt: string }>(record);
      const before = new Date(Date.parse(occurredAt) - FORTNIGHT_MS).toISOString();
      row.payload = JSON.stringify({ ...added, occurredAt: before });
      for (const one of committed(draft, 'outboxCatalogue')) {
        if (one.key === row.id) rewrite(draft, one, row.payload);
      }
      for (const log of logsOf(draft, topics[key].name)) {
        Object.assign(log, { start: log.end, records: [], markers: [] });
      }
    }),
  ),
  corruption('A36', 'an old order is approved, and its approval has no mark', (draft) => {
    const fact = draft.orders.facts.find(({ kind }) => kind === 'approved');
    if (!fact) return false;
    draft.orders.inbox = draft.orders.inbox.filter(({ eventId }) => eventId !== fact.eventId);
    growOld(draft);
  }),
  corruption('A36', 'an old payment is there, and its approval has no mark', (draft) => {
    const payment = draft.payments.payments.find(({ approvedEventId }) => approvedEventId);
    if (!payment) return false;
    const { inbox } = draft.payments;
    draft.payments.inbox = inbox.filter(({ eventId }) => eventId !== payment.approvedEventId);
    growOld(draft);
  }),
  corruption('A14', 'an old payment names an approval that is not its order’s', (draft) => {
    const order = calmOrder(draft);
    const payment = draft.payments.payments.find(({ orderId }) => orderId === order?.id);
    if (!order || !payment) return false;
    quarantine(draft, order);
    const mark = draft.payments.inbox.find(({ eventId }) => eventId === payment.approvedEventId);
    if (!mark) return false;
    mark.eventId = chargeTransactionId(order.id);
    payment.approvedEventId = mark.eventId;
    growOld(draft);
  }),
];

/** What a system has to show that is older than what its topics keep. */
export const corruptionsOfCauses: readonly Corruption[] = [...chains, ...pieces, ...marks];
