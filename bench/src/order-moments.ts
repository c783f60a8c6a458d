import { readTopic } from '@checkout/eos';
import { type EventType, readEvent, topics } from '@checkout/events';
import { query, type System } from '@checkout/testkit';
import type { OrderTimes } from './hops.js';

/**
 * Gathers from topics and tables when each order was where. A record's time is the one its producer
 * gave it, so a hop ends when the record was made; that it is visible only with the commit belongs
 * to the next hop, which waits for it.
 */
type Times = ReadonlyMap<string, number>;

export async function momentsOf(system: System, accepted: Times): Promise<readonly OrderTimes[]> {
  const written = (topic: string, type: EventType): Promise<Times> =>
    writtenAt(system, topic, type);
  const [outboxOrder, approved, paymentRow, outboxPayment, ledger, booked] = await Promise.all([
    written(topics.outboxOrder.name, 'OrderPlaced'),
    written(topics.ordersApproved.name, 'OrderApproved'),
    rowsAt(system.databaseUrl('payments'), PAYMENT_ROWS),
    written(topics.outboxPayment.name, 'PaymentSucceeded'),
    written(topics.ledger.name, 'LedgerEntry'),
    rowsAt(system.databaseUrl('orders'), BOOKED_ROWS),
  ]);
  return [...accepted].map(([orderId, at]) => ({
    accepted: at,
    outboxOrder: the(outboxOrder, orderId, 'record on outbox.order'),
    approved: the(approved, orderId, 'record on orders.approved'),
    paymentRow: the(paymentRow, orderId, 'outbox row of the payment'),
    outboxPayment: the(outboxPayment, orderId, 'record on outbox.payment'),
    ledger: the(ledger, orderId, 'record on ledger'),
    booked: the(booked, orderId, 'history row'),
  }));
}

function the(times: Times, orderId: string, what: string): number {
  const at = times.get(orderId);
  if (at === undefined) throw new Error(`order ${orderId} has no ${what}`);
  return at;
}

async function writtenAt(system: System, topic: string, type: EventType): Promise<Times> {
  const records = await readTopic({ brokers: system.brokers, topic });
  const times = new Map<string, number>();
  for (const record of records) {
    if (record.headers['type'] !== type) continue;
    const { payload } = readEvent(record, type);
    if (!('orderId' in payload)) throw new Error(`${type} names no order`);
    if (times.has(payload.orderId)) throw new Error(`${payload.orderId} is twice on ${topic}`);
    times.set(payload.orderId, record.timestamp);
  }
  return times;
}

const PAYMENT_ROWS = `
  SELECT aggregateid AS id, extract(epoch FROM created_at) * 1000 AS at
  FROM (SELECT type, aggregateid, created_at FROM outbox
        UNION ALL SELECT type, aggregateid, created_at FROM outbox_archive) AS rows
  WHERE type = 'PaymentSucceeded'`;

const BOOKED_ROWS = `
  SELECT order_id AS id, extract(epoch FROM recorded_at) * 1000 AS at
  FROM order_history WHERE status = 'booked'`;

async function rowsAt(databaseUrl: string, sql: string): Promise<Times> {
  const rows = await query<{ id: string; at: string }>(databaseUrl, sql);
  return new Map(rows.map(({ id, at }) => [id, Number(at)]));
}
