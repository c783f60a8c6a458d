import { stagedJson, type StagedEvent, stagingSql } from '@checkout/outbox';
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { isoText } from './database-clock.js';
import { type KeyedRequest, tryKeySql } from './kept-answer.js';
import { type NewOrder, PLACED_AT } from './order-placed.js';
import { streamLockSql } from './order-stream.js';

/** What was asked under which key, and the answer to give again. */
export interface Claim extends KeyedRequest {
  readonly response: string;
}

/** An order as the statement takes it: written down once, whatever batches it is sent in. */
export interface OfferedOrder {
  readonly id: string;
  readonly order: string;
  readonly event: string;
}

export type Insertion =
  | 'placed'
  /** An order was placed under this key before. */
  | 'key taken'
  /** Another request is using the key at this moment. */
  | 'key busy'
  /** The catalogue has other prices. */
  | 'prices moved'
  /** Somebody else is telling the customer's stream of a change, and we were not to wait. */
  | 'stream busy';

const PLACED_STATUS = 201;

export function offer(
  order: NewOrder,
  { claim, event }: { claim: Claim; event: StagedEvent },
): OfferedOrder {
  return {
    id: order.id,
    order: JSON.stringify({
      id: order.id,
      customer_id: claim.customerId,
      route: claim.route,
      key: claim.key,
      request_hash: claim.requestHash,
      response: claim.response,
      total: order.total.amount,
      tax: order.tax.amount,
      currency: order.total.currency,
      payment_method: order.paymentMethod,
      lines: order.lines.map(({ lineNumber, sku, quantity, unitPrice, vatPermille }) => ({
        line_number: lineNumber,
        sku,
        quantity,
        unit_price: unitPrice.amount,
        currency: unitPrice.currency,
        vat_permille: vatPermille,
      })),
    }),
    event: stagedJson(event),
  };
}

/**
 * Orders, lines, history, outbox rows and the answers kept for the keys: one statement, hence one
 * database transaction, for any number of orders.
 *
 * Guarantee: an order is stored whole or not at all; of any number of requests with one key, in one
 * batch or in many, at one replica or at several, at one moment or days apart, exactly one inserts;
 * what it is charged is the catalogue's price in the snapshot of the statement that stores it.
 * Threat, step by step: two requests with one key arrive together. In two batches, both find no
 * earlier answer and both come here. The first takes the lock named by the key; the second does not
 * wait for it, inserts nothing and is told that the key is busy. In one batch both hold the lock,
 * and the primary key lets one of them in. A third one comes after the first has committed: the
 * lock is free, but the key is taken, and its answer can be read. Locks end with the database
 * transaction, so a process that dies in between leaves nothing to clean up.
 * Threat: batches wait for each other in a circle. Batch A holds customer 1 and wants 2, B holds 2
 * and wants 1. So nobody waits for a key, ever; a batch that must not wait (`waits: false`) passes
 * over orders whose customer's stream is locked; and one that may wait asks for the streams in the
 * order of their locks, as lockStreams() does, after it has got everything else.
 * Threat: one customer's stream is held for long, by a process that stalls. Were all others waiting
 * with it, the shop would stand still: hence the batches that do not wait.
 * Not promised: the order in which orders of one batch are told on a stream.
 */
export async function insertOrders(
  database: DataSource,
  offered: readonly OfferedOrder[],
  { waits }: { waits: boolean },
): Promise<readonly Insertion[]> {
  const session = database.createQueryRunner();
  try {
    // TypeORM's query() cannot name a statement, and to plan it anew costs more than to run it.
    const client = (await session.connect()) as PoolClient;
    const { rows } = await client.query<{ id: string; insertion: Insertion }>({
      name: 'insert-orders',
      text: INSERT_ORDERS,
      values: [
        `[${offered.map(({ order }) => order).join()}]`,
        `[${offered.map(({ event }) => event).join()}]`,
        waits,
      ],
    });
    const insertions = new Map(rows.map(({ id, insertion }) => [id, insertion]));
    return offered.map(({ id }) => insertions.get(id) ?? unanswered(id));
  } finally {
    await session.release();
  }
}

function unanswered(id: string): never {
  throw new Error(`the statement said nothing of order ${id}`);
}

const INSERT_ORDERS = `
  WITH asked AS MATERIALIZED (
    SELECT * FROM json_to_recordset($1::json) AS asked (id uuid, customer_id uuid, route text,
      key text, request_hash text, response text, total bigint, tax bigint, currency text,
      payment_method text, lines json)
  ), line AS MATERIALIZED (
    SELECT asked.id AS order_id, line.* FROM asked, json_to_recordset(asked.lines) AS line
      (line_number integer, sku text, quantity integer, unit_price bigint, currency text,
       vat_permille integer)
  ), outdated AS MATERIALIZED (
    SELECT order_id FROM line LEFT JOIN products AS product
      USING (sku, unit_price, currency, vat_permille)
    WHERE product.sku IS NULL
  ), turn AS MATERIALIZED (
    SELECT asked.*,
      ${tryKeySql('customer_id', 'route', 'key')} AS key_is_ours,
      ${streamLockSql('customer_id::text')} AS stream
    FROM asked WHERE id NOT IN (SELECT order_id FROM outdated)
  ), streams AS MATERIALIZED (
    SELECT lock, CASE WHEN $3 THEN pg_advisory_xact_lock(lock) IS NOT NULL
      ELSE pg_try_advisory_xact_lock(lock) END AS is_ours
    FROM (SELECT DISTINCT stream AS lock FROM turn WHERE key_is_ours ORDER BY lock) AS sorted
  ), claimed AS (
    INSERT INTO idempotency_keys
      (customer_id, route, key, request_hash, status, response, order_id)
    SELECT customer_id, route, key, request_hash, ${PLACED_STATUS}, response, id
    FROM turn JOIN streams ON lock = stream WHERE key_is_ours AND streams.is_ours
    ON CONFLICT DO NOTHING
    RETURNING order_id
  ), placed AS (
    INSERT INTO orders
      (id, customer_id, status, version, total, tax, currency, payment_method, placed_at)
    SELECT id, customer_id, 'placed', 1, total, tax, currency, payment_method,
      date_trunc('milliseconds', statement_timestamp())
    FROM turn JOIN claimed ON order_id = id
    RETURNING id, customer_id, placed_at
  ), lines AS (
    INSERT INTO order_lines (order_id, line_number, sku, quantity, unit_price)
    SELECT order_id, line_number, sku, quantity, unit_price
    FROM line JOIN placed ON order_id = id
  ), history AS (
    INSERT INTO order_history (order_id, version, status, occurred_at)
    SELECT id, 1, 'placed', placed_at FROM placed
  ), told AS (
    INSERT INTO order_events (customer_id, order_id, version)
    SELECT customer_id, id, 1 FROM placed
  ), staged AS (
    ${stagingSql({
      events: '$2',
      join: 'placed ON placed.id = event.causation_id',
      columns: {
        payload: `replace(event.payload, '${PLACED_AT}', ${isoText('placed_at')})`,
        occurred_at: 'placed_at',
      },
    })}
  )
  SELECT asked.id, CASE
    WHEN turn.id IS NULL THEN 'prices moved'
    WHEN NOT key_is_ours THEN 'key busy'
    WHEN NOT streams.is_ours THEN 'stream busy'
    WHEN placed.id IS NULL THEN 'key taken'
    ELSE 'placed' END AS insertion
  FROM asked LEFT JOIN turn USING (id) LEFT JOIN streams ON lock = stream
    LEFT JOIN placed ON placed.id = turn.id`;
