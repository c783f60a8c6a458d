import { changelogs, partitionOf, topics } from '@checkout/events';
import type { Draft } from './draft.js';
import {
  committed,
  corruption,
  hide,
  logsOf,
  lose,
  newest,
  orderIdOf,
  ordersThatAre,
  payloadOf,
  recordsThatAre,
  rewrite,
  write,
  type Corruption,
  type DraftRecord,
} from './planting.js';

const STOCK = changelogs.stock.name;
const VELOCITY = changelogs.velocity.name;

function bucketOf(
  draft: Draft,
  orderId: string,
): { bucket: DraftRecord; line: DraftRecord } | null {
  const row = draft.orders.lines.find((one) => one.orderId === orderId);
  if (!row) return null;
  const line = lineRow(draft, row);
  const name = line?.key?.split('|')[0] ?? '';
  const bucket = newest(draft, STOCK, name);
  return bucket && line ? { bucket, line } : null;
}

/** In the bucket that has answered, which need not be the one that was asked. */
function lineRow(draft: Draft, { sku, orderId, lineNumber }: Line): DraftRecord | undefined {
  const rows = recordsThatAre(draft, 'committed', STOCK).filter(({ key, value }) => {
    const [bucket, line] = key?.split('|') ?? [];
    const isItsOwn = bucket?.startsWith(`${sku}/`) && line === `${orderId}/${lineNumber}`;
    return isItsOwn && !value?.includes('sentTo');
  });
  return rows.at(-1);
}

function addFree(bucket: DraftRecord, pieces: number): void {
  const row = payloadOf<{ free: number }>(bucket);
  bucket.value = JSON.stringify({ ...row, free: row.free + pieces });
}

type Line = Draft['orders']['lines'][number];

/** Two lines of booked orders, of different products. */
function ofEqualQuantity(draft: Draft): readonly [Line, Line] | undefined {
  const booked = new Set(ordersThatAre(draft, 'booked').map(({ id }) => id));
  const lines = draft.orders.lines.filter(({ orderId }) => booked.has(orderId));
  for (const one of lines) {
    const other = lines.find(({ sku, quantity }) => sku !== one.sku && quantity === one.quantity);
    if (other) return [one, other];
  }
  return undefined;
}

/** The row lies under another key, where records of that key's bucket are read. */
function rekey(draft: Draft, row: DraftRecord, key: string): void {
  lose(draft, row);
  write(draft, {
    ...row,
    key,
    partition: partitionOf(key.split('|')[0] ?? '', changelogs.stock.partitions),
  });
}

const stock: readonly Corruption[] = [
  corruption('A13', 'a piece is lost', (draft) => {
    const bucket = newest(draft, STOCK, 'espresso-cup/0');
    if (!bucket) return false;
    addFree(bucket, -1);
  }),
  corruption('A13', 'more is sold than there was', (draft) => {
    const [order] = ordersThatAre(draft, 'booked');
    const found = order && bucketOf(draft, order.id);
    if (!found) return false;
    const { free } = payloadOf<{ free: number }>(found.bucket);
    const { held } = payloadOf<{ held: number }>(found.line);
    addFree(found.bucket, -free - 1);
    found.line.value = JSON.stringify({ held: held + free + 1 });
  }),
  corruption('A13', 'an order that was not paid still holds stock', (draft) => {
    const [order] = ordersThatAre(draft, 'payment_failed', 'cancelled');
    const found = order && bucketOf(draft, order.id);
    if (!found) return false;
    found.line.value = JSON.stringify({ held: 1 });
    addFree(found.bucket, -1);
  }),
  corruption('A13', 'a paid order holds no stock', (draft) => {
    const [order] = ordersThatAre(draft, 'booked');
    const found = order && bucketOf(draft, order.id);
    if (!found) return false;
    const { held } = payloadOf<{ held: number }>(found.line);
    found.line.value = JSON.stringify({ settled: 'released' });
    addFree(found.bucket, held);
  }),
  corruption('A13', 'two lines hold each other’s product', (draft) => {
    const pair = ofEqualQuantity(draft);
    if (!pair) return false;
    const [one, other] = pair;
    const swapped = (key: string | null, from: Line, to: Line) =>
      key?.endsWith(`|${from.orderId}/${from.lineNumber}`)
        ? key.replace(from.sku, to.sku)
        : undefined;
    for (const record of recordsThatAre(draft, 'committed', STOCK)) {
      const key = swapped(record.key, one, other) ?? swapped(record.key, other, one);
      if (key !== undefined) rekey(draft, record, key);
    }
  }),
  corruption('A13', 'a line waits for pieces, and none are on their way', (draft) => {
    const row = newest(draft, STOCK, 'espresso-cup/0');
    if (!row) return false;
    write(draft, { ...row, key: 'espresso-cup/0#0', value: JSON.stringify({ line: {} }) });
  }),
  corruption('A13', 'the shop shows a product of which there was never any stock', (draft) => {
    const [product] = draft.orders.products;
    if (!product) return false;
    draft.orders.products.push({ ...product, sku: 'phantom', available: 7 });
  }),
  corruption('A13', 'the shop shows another number than is free', (draft) => {
    const [level] = draft.orders.levels;
    if (!level) return false;
    level.available += 1;
  }),
];

function verdictOf(draft: Draft, type: string): DraftRecord | undefined {
  const [order] = ordersThatAre(draft, 'booked');
  return committed(draft, 'checks', type).find((record) => orderIdOf(record) === order?.id);
}

const fraud: readonly Corruption[] = [
  corruption('A14', 'an order has two fraud verdicts', (draft) => {
    const cleared = verdictOf(draft, 'FraudCleared');
    if (!cleared) return false;
    const id = '018f0000-0000-5000-8000-00000000dead';
    const value = JSON.stringify({ ...payloadOf<object>(cleared), reason: 'too-many-orders' });
    write(draft, { ...cleared, value, headers: { ...cleared.headers, id, type: 'FraudRefused' } });
  }),
  corruption('A14', 'a stored verdict was changed', (draft) => {
    const [order] = draft.orders.orders;
    const stored = order && newest(draft, VELOCITY, `${order.customerId}|${order.id}`);
    if (!stored) return false;
    const value = JSON.stringify({ ...payloadOf<object>(stored), ordersInWindow: 19 });
    write(draft, { ...stored, value });
  }),
  corruption('A14', 'an approval carries another verdict', (draft) => {
    const [approved] = committed(draft, 'ordersApproved');
    if (!approved) return false;
    const payload = payloadOf<{ fraud: { ordersInWindow: number } }>(approved);
    payload.fraud.ordersInWindow += 1;
    rewrite(draft, approved, JSON.stringify(payload));
  }),
  corruption('A14', 'an order is to be paid that was never approved', (draft) => {
    const order = ordersThatAre(draft, 'rejected').find(
      ({ id }) => !draft.payments.payments.some(({ orderId }) => orderId === id),
    );
    if (!order) return false;
    const approvedEventId = '018f0000-0000-5000-8000-00000000dead';
    draft.payments.inbox.push({ group: 'payment.charge', eventId: approvedEventId });
    draft.payments.payments.push({
      ...{ orderId: order.id, amount: order.total, tax: order.tax, currency: 'EUR' },
      ...{ state: 'CREATING', approvedEventId, cancelEventId: null, intentId: null, fee: null },
      ...{ decidedAt: null, decidedXid: null, reason: null },
      ...{ refundReference: null, refundedAt: null, refundedXid: null },
    });
  }),
];

/** Inputs and outputs of the stages. */
const stages: readonly Corruption[] = [
  corruption('A10', 'an outcome is there twice, long after the count was right', (draft) => {
    const [approved] = committed(draft, 'ordersApproved');
    if (!approved) return false;
    write(draft, approved);
  }),
  corruption('A10', 'an output is missing', (draft) => {
    const [asked] = committed(draft, 'fraud');
    if (!asked) return false;
    hide(draft, asked);
  }),
  corruption('A10', 'an output was written outside of any Kafka transaction', (draft) => {
    const [approved] = committed(draft, 'ordersApproved');
    if (!approved) return false;
    Object.assign(approved, { transactional: false, producerId: -1n, epoch: -1 });
  }),
  corruption('A10', 'a row of a store was written outside of any Kafka transaction', (draft) => {
    const [row] = recordsThatAre(draft, 'committed', STOCK);
    if (!row) return false;
    Object.assign(row, { transactional: false, producerId: -1n, epoch: -1 });
  }),
  corruption('A10', 'the beginning of a topic was cut off before its time', (draft) => {
    if (committed(draft, 'fraud').length === 0) return false;
    for (const log of logsOf(draft, topics.fraud.name)) {
      Object.assign(log, { start: log.end, records: [], markers: [] });
    }
  }),
  corruption('A10', 'the first record of a topic was cut off before its time', (draft) => {
    const [log] = logsOf(draft, topics.inventory.name).filter(({ records }) => records.length > 1);
    const first = log?.records.shift();
    if (!log || !first) return false;
    log.start = first.offset + 1;
  }),
  corruption('A10', 'an output has no input', (draft) => {
    const [rejected] = committed(draft, 'ordersRejected');
    if (!rejected) return false;
    const orderId = '018f0000-0000-7000-8000-00000000beef';
    const value = JSON.stringify({ ...payloadOf<object>(rejected), orderId });
    const id = '018f0000-0000-5000-8000-00000000dead';
    const headers = { ...rejected.headers, id };
    const lies = { ...rejected, partition: 3, key: orderId, value, headers };
    const { topic, partition, offset } = write(draft, lies);
    const fact = { orderId, kind: 'rejected', reason: null, eventId: id };
    draft.orders.facts.push({ ...fact, topic, partition, offset });
  }),
  corruption('A10', 'an output says something else than its input calls for', (draft) => {
    const reserved = committed(draft, 'checks', 'StockReserved')[0];
    if (!reserved) return false;
    const payload = payloadOf<{ quantity: number }>(reserved);
    rewrite(draft, reserved, JSON.stringify({ ...payload, quantity: payload.quantity + 1 }));
  }),
  corruption('A10', 'an output names another cause', (draft) => {
    const [approved] = committed(draft, 'ordersApproved');
    if (!approved) return false;
    approved.headers['causation-id'] = '018f0000-0000-5000-8000-00000000dead';
  }),
  corruption('A10', 'what cannot be read was neither processed nor parked', (draft) => {
    const [requested] = committed(draft, 'inventory', 'StockReleaseRequested');
    if (!requested) return false;
    rewrite(draft, requested, 'not JSON');
  }),
];

export const corruptionsOfEnrichment: readonly Corruption[] = [...stock, ...fraud, ...stages];
