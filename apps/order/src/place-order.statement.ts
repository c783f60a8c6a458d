import { type StagedEvent, stagingParameters, stagingSql } from '@checkout/outbox';
import type { EntityManager } from 'typeorm';
import { type KeyedRequest, tryKeySql } from './kept-answer.js';
import type { NewOrder } from './order-placed.js';
import { STREAM_LOCK } from './order-stream.js';

/** What was asked under which key, and the answer to give again. */
export interface Claim extends KeyedRequest {
  readonly response: string;
}

export type Insertion = 'placed' | 'key taken' | 'key busy';

const PLACED_STATUS = 201;

/**
 * Order, lines, outbox row and the answer kept for the key: one statement, hence one database
 * transaction.
 *
 * Guarantee: all of it or nothing; and of any number of requests with one key, at one moment or
 * days apart, at one replica or at several, exactly one inserts.
 * Threat, step by step: two requests with one key arrive together. Both find no earlier answer and
 * both come here. The first takes the lock named by the key; the second does not wait for it,
 * inserts nothing and answers "still running".
 * A third one comes after the first has committed: the lock is free, but the key is taken, and it
 * reads the answer. The lock ends with the database transaction, so a process that dies in between
 * leaves nothing to clean up.
 */
export async function insertOrder(
  tx: EntityManager,
  order: NewOrder,
  { claim, event }: { claim: Claim; event: StagedEvent },
): Promise<Insertion> {
  const lines = order.lines;
  const [result]: [{ free: boolean; placed: boolean }] = await tx.query(INSERT_ORDER, [
    claim.customerId,
    claim.route,
    claim.key,
    claim.requestHash,
    claim.response,
    order.id,
    order.total.amount,
    order.tax.amount,
    order.total.currency,
    order.paymentMethod,
    order.placedAt,
    lines.map(({ lineNumber }) => lineNumber),
    lines.map(({ sku }) => sku),
    lines.map(({ quantity }) => quantity),
    lines.map(({ unitPrice }) => unitPrice.amount),
    ...stagingParameters([event]),
  ]);
  if (result.placed) return 'placed';
  return result.free ? 'key taken' : 'key busy';
}

const INSERT_ORDER = `
  WITH turn AS MATERIALIZED (
    SELECT ${tryKeySql('$1::uuid', '$2::text', '$3::text')} AS free
  ), claimed AS (
    INSERT INTO idempotency_keys
      (customer_id, route, key, request_hash, status, response, order_id)
    SELECT $1, $2, $3, $4, ${PLACED_STATUS}, $5, $6 FROM turn WHERE free
    ON CONFLICT DO NOTHING
    RETURNING order_id
  ), placed AS (
    INSERT INTO orders
      (id, customer_id, status, version, total, tax, currency, payment_method, placed_at)
    SELECT order_id, $1, 'placed', 1, $7, $8, $9, $10, $11 FROM claimed
    RETURNING id, placed_at
  ), lines AS (
    INSERT INTO order_lines (order_id, line_number, sku, quantity, unit_price)
    SELECT placed.id, line.*
    FROM placed, unnest($12::integer[], $13::text[], $14::integer[], $15::bigint[]) AS line
  ), history AS (
    INSERT INTO order_history (order_id, version, status, occurred_at)
    SELECT id, 1, 'placed', placed_at FROM placed
  ), stream AS MATERIALIZED (
    SELECT pg_advisory_xact_lock(hashtextextended($1::text, ${STREAM_LOCK})) FROM placed
  ), told AS (
    INSERT INTO order_events (customer_id, order_id, version)
    SELECT $1, placed.id, 1 FROM stream, placed
  ), staged AS (
    ${stagingSql({ firstParameter: 16, onlyIf: 'EXISTS (SELECT FROM placed)' })}
  )
  SELECT (SELECT free FROM turn) AS free, EXISTS (SELECT FROM placed) AS placed`;
