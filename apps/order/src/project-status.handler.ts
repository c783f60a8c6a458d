import type { AnyEvent } from '@checkout/events';
import type { Received } from '@checkout/inbox';
import type { EntityManager } from 'typeorm';
import { isoText } from './database-clock.js';
import { factOf, type OrderFact } from './order-fact.js';
import { type Fact, historyOf, type OrderStatus, type Step } from './order-status.js';
import { lockStreams } from './order-stream.js';

/**
 * Moves orders forward by what the other services have decided.
 *
 * Guarantee: each fact is stored once; an order's status, version and history follow from the
 * stored facts alone, and every change of version is told once on the customer's event stream. All
 * of it in the inbox's database transaction.
 * Threat, step by step: "paid" and "booked" of one order are read by two workers at one moment,
 * from two topics. Each stores its fact; had each computed the status from what it saw, the later
 * commit would undo the earlier one's work. So each then locks the order's row, and only under that
 * lock reads the facts: whoever comes second sees both.
 * Rows are locked in the order of their ids, streams after rows, so that two batches cannot wait
 * for each other.
 * Not promised: an order that this database does not know. Its facts are kept, for the day it is
 * restored.
 */
export async function projectStatus(
  tx: EntityManager,
  received: readonly Received<AnyEvent>[],
): Promise<readonly StatusChange[]> {
  const facts = received.flatMap((one) => {
    const fact = factOf(one);
    return fact ? [{ ...fact, eventId: one.event.id, record: one.record }] : [];
  });
  if (facts.length === 0) return [];
  await storeFacts(tx, facts);

  const orders = await lockOrders(tx, new Set(facts.map(({ orderId }) => orderId)));
  const known = await factsOf(tx, orders);
  const moved = orders.map((order) => {
    const history = historyOf(order.placedAt, known.get(order.id) ?? []);
    return { order, history, news: history.filter(({ version }) => version > order.version) };
  });
  await writeHistory(tx, moved);
  const changed = moved.filter(({ news }) => news.length > 0);
  if (changed.length === 0) return [];
  await moveOrders(tx, changed);
  await lockStreams(
    tx,
    changed.map(({ order }) => order.customerId),
  );
  await tellStreams(tx, changed);
  return changed.flatMap(({ order: { id, customerId }, news }) =>
    news.map(({ status, version }) => ({ orderId: id, customerId, status, version })),
  );
}

export interface StatusChange {
  readonly orderId: string;
  readonly customerId: string;
  readonly status: OrderStatus;
  readonly version: number;
}

interface LockedOrder {
  readonly id: string;
  readonly customerId: string;
  readonly version: number;
  readonly placedAt: string;
}
interface Moved {
  readonly order: LockedOrder;
  readonly history: readonly Step[];
  readonly news: readonly Step[];
}
type ReceivedFact = OrderFact & Pick<Received<AnyEvent>, 'record'> & { readonly eventId: string };

async function storeFacts(tx: EntityManager, facts: readonly ReceivedFact[]): Promise<void> {
  await tx.query(
    `INSERT INTO order_facts
       (order_id, kind, event_id, occurred_at, reason, topic, partition, "offset")
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[], $5::text[],
       $6::text[], $7::integer[], $8::bigint[])
     ON CONFLICT DO NOTHING`,
    [
      facts.map(({ orderId }) => orderId),
      facts.map(({ kind }) => kind),
      facts.map(({ eventId }) => eventId),
      facts.map(({ occurredAt }) => occurredAt),
      facts.map(({ reason }) => reason),
      facts.map(({ record }) => record.topic),
      facts.map(({ record }) => record.partition),
      facts.map(({ record }) => record.offset.toString()),
    ],
  );
}

function lockOrders(tx: EntityManager, ids: ReadonlySet<string>): Promise<LockedOrder[]> {
  return tx.query(
    `SELECT id, customer_id AS "customerId", version, ${isoText('placed_at')} AS "placedAt"
     FROM orders WHERE id = ANY ($1) ORDER BY id FOR UPDATE`,
    [[...ids]],
  );
}

async function factsOf(
  tx: EntityManager,
  orders: readonly LockedOrder[],
): Promise<Map<string, Fact[]>> {
  const rows: (Fact & { orderId: string })[] = await tx.query(
    `SELECT order_id AS "orderId", kind, ${isoText('occurred_at')} AS "occurredAt", reason
     FROM order_facts WHERE order_id = ANY ($1)`,
    [orders.map(({ id }) => id)],
  );
  return Map.groupBy(rows, ({ orderId }) => orderId);
}

/** A step that was implied gets its own time when its fact comes; its version stays. */
async function writeHistory(tx: EntityManager, moved: readonly Moved[]): Promise<void> {
  const steps = moved.flatMap(({ order, history }) =>
    history.map((step) => ({ orderId: order.id, ...step })),
  );
  await tx.query(
    `INSERT INTO order_history AS known (order_id, version, status, reason, occurred_at)
     SELECT * FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::timestamptz[])
     ON CONFLICT (order_id, version) DO UPDATE SET occurred_at = excluded.occurred_at
     WHERE known.occurred_at <> excluded.occurred_at`,
    [
      steps.map(({ orderId }) => orderId),
      steps.map(({ version }) => version),
      steps.map(({ status }) => status),
      steps.map(({ reason }) => reason),
      steps.map(({ occurredAt }) => occurredAt),
    ],
  );
}

async function moveOrders(tx: EntityManager, changed: readonly Moved[]): Promise<void> {
  const last = changed.flatMap(({ order, news }) =>
    news.slice(-1).map((step) => ({ id: order.id, ...step })),
  );
  await tx.query(
    `UPDATE orders SET status = last.status, version = last.version, reason = last.reason
     FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::text[])
       AS last (id, status, version, reason)
     WHERE orders.id = last.id`,
    [
      last.map(({ id }) => id),
      last.map(({ status }) => status),
      last.map(({ version }) => version),
      last.map(({ reason }) => reason),
    ],
  );
}

async function tellStreams(tx: EntityManager, changed: readonly Moved[]): Promise<void> {
  const news = changed.flatMap(({ order, news: steps }) =>
    steps.map(({ version }) => ({ order, version })),
  );
  await tx.query(
    `INSERT INTO order_events (customer_id, order_id, version)
     SELECT customer_id, order_id, version
     FROM unnest($1::uuid[], $2::uuid[], $3::integer[]) WITH ORDINALITY
       AS news (customer_id, order_id, version, position)
     ORDER BY position`,
    [
      news.map(({ order }) => order.customerId),
      news.map(({ order }) => order.id),
      news.map(({ version }) => version),
    ],
  );
}
