import { orderPlacedId, topics, type Payload } from '@checkout/events';
import { sha256 } from '../recordings/client-history.js';
import type { Draft } from './draft.js';
import {
  aboutToSend,
  committed,
  corruption,
  hide,
  logsOf,
  orderIdOf,
  ordersThatAre,
  overlook,
  payloadOf,
  rewrite,
  write,
  type Corruption,
  type DraftRecord,
} from './planting.js';
import { containedIn, PLACE } from './simulated-shop.js';

type Operation = NonNullable<Draft['recordings']['history']>[number];

function history(draft: Draft): Operation[] {
  return draft.recordings.history ?? [];
}

function accepted(draft: Draft): Operation | undefined {
  return history(draft).find(({ op, result }) => op === 'place' && result === 'ok');
}

function keyRowOf(draft: Draft, { key }: Operation) {
  return draft.orders.keys.find((row) => row.key === key);
}

/** Its client was told something else, and so has never looked at it. */
function hear(draft: Draft, { key, orderId }: Operation, result: Operation['result']): void {
  for (const one of history(draft)) {
    if (one.key === key && one.result !== 'sent') Object.assign(one, { result, orderId: null });
  }
  overlook(draft, orderId);
}

/** What clients were told, against what is stored. */
const requests: readonly Corruption[] = [
  corruption('A01', 'a request that was answered with a yes is not stored', (draft) => {
    const operation = accepted(draft);
    if (!operation) return false;
    draft.orders.keys = draft.orders.keys.filter(({ key }) => key !== operation.key);
  }),
  corruption('A01', 'a replay had other bytes', (draft) => {
    const operation = accepted(draft);
    if (!operation) return false;
    history(draft).push({ ...operation, responseHash: sha256('something else') });
  }),
  corruption('A01', 'another request is stored under the key', (draft) => {
    const row = accepted(draft) && keyRowOf(draft, accepted(draft)!);
    if (!row) return false;
    row.requestHash = sha256('another request');
  }),
  corruption('A01', 'the answer named another order', (draft) => {
    const operation = accepted(draft);
    const other = draft.orders.orders.find(({ id }) => id !== operation?.orderId);
    if (!operation || !other) return false;
    operation.orderId = other.id;
  }),
  corruption('A02', 'what was refused is there', (draft) => {
    const operation = accepted(draft);
    if (!operation) return false;
    hear(draft, operation, 'fail');
  }),
  corruption('A03', 'a lost answer left half an order', (draft) => {
    const operation = accepted(draft);
    if (!operation) return false;
    hear(draft, operation, 'unknown');
    const orderId = keyRowOf(draft, operation)?.orderId;
    draft.orders.history = draft.orders.history.filter((row) => row.orderId !== orderId);
  }),
  corruption('A32', 'a price is not the catalogue’s', (draft) => {
    const [line] = draft.orders.lines;
    const order = draft.orders.orders.find(({ id }) => id === line?.orderId);
    if (!line || !order) return false;
    line.unitPrice -= 100n;
    order.total -= 100n * BigInt(line.quantity);
  }),
  corruption('A32', 'a price is nobody else’s, and was told so', (draft) => {
    const line = soldInTheMiddle(draft);
    if (!line) return false;
    sellFor(draft, line, line.unitPrice - 100n);
  }),
  corruption('A32', 'a total is one minor unit too high', (draft) => {
    const [order] = draft.orders.orders;
    if (!order) return false;
    order.total += 1n;
  }),
  corruption('A32', 'a tax is one minor unit too low', (draft) => {
    const [order] = draft.orders.orders;
    if (!order) return false;
    order.tax -= 1n;
  }),
  corruption('A32', 'an order is another customer’s', (draft) => {
    const [order] = draft.orders.orders;
    if (!order) return false;
    order.customerId = '018f0000-0000-7000-8000-00000000beef';
  }),
  corruption('A32', 'a planted secret is in a header', (draft) => {
    const [record] = committed(draft, 'ordersApproved');
    if (!record) return false;
    record.headers['traceparent'] = `00-${draft.recordings.canaries[0]}-01`;
  }),
  corruption('A32', 'a planted secret is in an answer that is kept', (draft) => {
    const [row] = draft.orders.keys;
    if (!row) return false;
    const of = draft.recordings.canaries[0];
    row.response = JSON.stringify({ ...(JSON.parse(row.response) as object), of });
    draft.recordings.history = null;
  }),
  corruption('A32', 'a planted secret is on a topic', (draft) => {
    const [canary] = committed(draft, 'outboxCanary');
    const row = draft.orders.outbox.find(({ id }) => id === canary?.key);
    const other = draft.payments.outbox.find(({ id }) => id === canary?.key);
    const owner = row ?? other;
    if (!canary || !owner) return false;
    const payload = { ...payloadOf<object>(canary), source: draft.recordings.canaries[0] };
    owner.payload = JSON.stringify(payload);
    const published = committed(draft, 'outboxCanary').filter(({ key }) => key === canary.key);
    for (const record of published) rewrite(draft, record, owner.payload);
  }),
];

type Line = Draft['orders']['lines'][number];

/** A line that was sold between two others of its product, within seconds, at one price. */
function soldInTheMiddle(draft: Draft): Line | undefined {
  const times = new Map(draft.orders.orders.map(({ id, placedAt }) => [id, Date.parse(placedAt)]));
  const at = ({ orderId }: Line): number => times.get(orderId) ?? 0;
  const bySku = Map.groupBy(draft.orders.lines, ({ sku }) => sku);
  for (const lines of bySku.values()) {
    const sorted = lines.toSorted((a, b) => at(a) - at(b));
    const found = sorted.slice(1, -1).find((line, i) => {
      const [before, after] = [sorted[i], sorted[i + 2]];
      if (before?.unitPrice !== line.unitPrice || after?.unitPrice !== line.unitPrice) return false;
      return at(after) - at(before) < 10_000;
    });
    if (found) return found;
  }
  return undefined;
}

/** Wherever it stands: in the order, its total and tax, and what was told of it. */
function sellFor(draft: Draft, line: Line, unitPrice: bigint): void {
  const order = draft.orders.orders.find(({ id }) => id === line.orderId);
  const event = draft.orders.outbox.find(({ id }) => id === orderPlacedId(line.orderId));
  if (!order || !event) throw new Error('an order that was not told');
  line.unitPrice = unitPrice;
  const own = draft.orders.lines.filter(({ orderId }) => orderId === order.id);
  const grosses = own.map((one) => one.unitPrice * BigInt(one.quantity));
  order.total = grosses.reduce((sum, gross) => sum + gross, 0n);
  order.tax = own.reduce((sum, { sku }, i) => {
    const product = draft.orders.products.find((one) => one.sku === sku);
    return sum + containedIn(grosses[i] ?? 0n, product?.vatPermille ?? 0);
  }, 0n);
  const payload = JSON.parse(event.payload) as Payload<'OrderPlaced'>;
  payload.total.amount = String(order.total);
  payload.tax.amount = String(order.tax);
  for (const told of payload.lines) {
    if (told.lineNumber === line.lineNumber) told.unitPrice.amount = String(unitPrice);
  }
  event.payload = JSON.stringify(payload);
  for (const record of committed(draft, 'outboxOrder', 'OrderPlaced')) {
    if (record.key === event.id) rewrite(draft, record, event.payload);
  }
}

function cancelRequest(draft: Draft): DraftRecord | undefined {
  return committed(draft, 'outboxOrder', 'OrderCancelRequested')[0];
}

/** Orders, outboxes and their topics. */
const outboxes: readonly Corruption[] = [
  corruption('A04', 'an outbox row is lost', (draft) => {
    const [order] = draft.orders.orders;
    if (!order) return false;
    draft.orders.outbox = draft.orders.outbox.filter(({ id }) => id !== orderPlacedId(order.id));
  }),
  corruption('A04', 'order and event are two database transactions', (draft) => {
    const [order] = draft.orders.orders;
    if (!order) return false;
    order.xid = String(Number(order.xid) + 1);
  }),
  corruption('A04', 'the event tells of another order than the one that is stored', (draft) => {
    const [order] = draft.orders.orders;
    if (!order) return false;
    order.paymentMethod = 'pm_card_amex';
  }),
  corruption('A04', 'an event tells of an order that is not there', (draft) => {
    const [order] = draft.orders.orders;
    if (!order) return false;
    const { orders } = draft;
    orders.orders = orders.orders.filter(({ id }) => id !== order.id);
    orders.lines = orders.lines.filter(({ orderId }) => orderId !== order.id);
    draft.recordings.history = null;
  }),
  corruption('A04', 'a payment’s outcome and its event are two database transactions', (draft) => {
    const decided = draft.payments.payments.find(({ decidedXid }) => decidedXid !== null);
    if (!decided) return false;
    decided.decidedXid = '4';
  }),
  corruption('A04', 'an order is there that no key stands for', (draft) => {
    const operation = accepted(draft);
    if (!operation) return false;
    const own = draft.orders.keys.filter(({ orderId }) => orderId === operation.orderId);
    draft.orders.keys = draft.orders.keys.filter((row) => !own.includes(row));
    const others = history(draft).filter((line) => own.every(({ key }) => key !== line.key));
    draft.recordings.history = others.some(({ result }) => result === 'ok') ? others : null;
    overlook(draft, operation.orderId);
  }),
  corruption('A04', 'an order was asked for with two keys', (draft) => {
    const row = draft.orders.keys.find(({ route }) => route === PLACE);
    if (!row) return false;
    const { customerId, requestHash: bodyHash } = row;
    draft.orders.keys.push({ ...row, key: 'another key' });
    aboutToSend(draft, { op: 'place', customerId, key: 'another key', bodyHash });
  }),
  corruption('A04', 'the answer that is kept under a key is about another order', (draft) => {
    const row = draft.orders.keys.find(({ route }) => route === PLACE);
    if (!row) return false;
    row.response = JSON.stringify({ id: '018f0000-0000-7000-8000-00000000beef' });
    draft.recordings.history = null;
  }),
  corruption('A05', 'a record of an outbox is hidden', (draft) => {
    const [record] = committed(draft, 'outboxOrder', 'OrderPlaced');
    if (!record || committed(draft, 'outboxOrder').filter(sameId(record)).length > 1) return false;
    hide(draft, record);
  }),
  corruption('A04', 'a wish to cancel was noted and never told', (draft) => {
    const record = cancelRequest(draft);
    if (!record) return false;
    draft.orders.outbox = draft.orders.outbox.filter(({ id }) => id !== record.key);
  }),
  corruption('A04', 'a refund and its event are two database transactions', (draft) => {
    const refunded = draft.payments.payments.find(({ refundedXid }) => refundedXid !== null);
    if (!refunded) return false;
    refunded.refundedXid = '4';
  }),
  corruption('A05', 'an archive row is missing', (draft) => {
    const [canary] = committed(draft, 'outboxCanary');
    if (!canary) return false;
    const rest = (rows: readonly { id: string }[]) => rows.filter(({ id }) => id !== canary.key);
    draft.orders.outbox = rest(draft.orders.outbox) as typeof draft.orders.outbox;
    draft.payments.outbox = rest(draft.payments.outbox) as typeof draft.payments.outbox;
  }),
  corruption('A05', 'records of an outbox were cut off before their time', (draft) => {
    if (committed(draft, 'outboxCanary').length === 0) return false;
    for (const log of logsOf(draft, topics.outboxCanary.name)) {
      Object.assign(log, { start: log.end, records: [], markers: [] });
    }
  }),
  corruption('A05', 'a record is not what lies in the outbox', (draft) => {
    const record = cancelRequest(draft);
    if (!record) return false;
    rewrite(draft, record, withAnotherTime(record));
  }),
  corruption('A05', 'a record is repeated with other bytes', (draft) => {
    const record = cancelRequest(draft);
    if (!record) return false;
    write(draft, { ...record, value: withAnotherTime(record) });
  }),
  corruption('A05', 'a record was never in an outbox', (draft) => {
    const [order] = ordersThatAre(draft, 'booked');
    const [placed] = committed(draft, 'outboxOrder').filter(
      (record) => order && orderIdOf(record) === order.id,
    );
    if (!order || !placed) return false;
    const id = '018f0000-0000-5000-8000-00000000dead';
    const value = JSON.stringify({ orderId: order.id, occurredAt: '2026-01-05T09:00:00.000Z' });
    const headers = { ...placed.headers, id, type: 'OrderOverdue' };
    write(draft, { ...placed, key: id, value, headers });
  }),
];

const sameId = (record: DraftRecord) => (other: DraftRecord) => other.key === record.key;

function withAnotherTime(record: DraftRecord): string {
  return JSON.stringify({ ...payloadOf<object>(record), occurredAt: '2026-01-06T09:00:00.000Z' });
}

export const corruptionsOfRequests: readonly Corruption[] = [...requests, ...outboxes];
