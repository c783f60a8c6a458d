import { eventId, orderPlacedId } from '@checkout/events';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isoText } from './database-clock.js';

/** One thing that this service knows of an order, for a timeline. */
export interface KnownFact {
  /** When it became durable here. */
  readonly at: string;
  /** Short name of the kind of fact. */
  readonly what: string;
  readonly text: string;
  /** Where to find it. */
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * Everything that this service's database holds about one order: its row, the events that told of
 * it and where they were seen, what others said and where that was read, each step of its status,
 * and what was delivered again and dropped.
 *
 * Not promised: a moment. Each table is read for itself, so a fact may be there and its step not
 * yet.
 */
@Injectable()
export class KnownFacts {
  constructor(private readonly database: DataSource) {}

  /** In the order of their times. */
  async of(orderId: string): Promise<readonly KnownFact[]> {
    const placed = orderPlacedId(orderId);
    const events = [
      placed,
      eventId(placed, 'OrderCancelRequested'),
      eventId(placed, 'OrderOverdue'),
    ];
    const found = await Promise.all([
      this.#read(ORDER, [orderId]),
      this.#read(WISH, [orderId]),
      this.#read(KEPT_ANSWERS, [orderId]),
      this.#read(STAGED, [events]),
      this.#read(PUBLISHED, [events]),
      this.#read(HEARD, [orderId]),
      this.#read(STEPS, [orderId]),
      this.#read(REPEATS, [orderId]),
      this.#read(PARKED, [orderId]),
    ]);
    return found.flat().toSorted((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
  }

  #read(sql: string, parameters: unknown[]): Promise<KnownFact[]> {
    return this.database.query(sql, parameters);
  }
}

const ORDER = `
  SELECT ${isoText('placed_at')} AS at, 'order' AS what,
    'The order was accepted: order, lines, event and answer in one database transaction.' AS text,
    json_build_object('table', 'orders', 'databaseTransaction', xid::text,
      'total', total::text, 'currency', currency, 'paymentMethod', payment_method) AS details
  FROM orders WHERE id = $1`;

const WISH = `
  SELECT ${isoText('cancel_requested_at')} AS at, 'wish' AS what,
    'The customer asked to cancel.' AS text, json_build_object('table', 'orders') AS details
  FROM orders WHERE id = $1 AND cancel_requested_at IS NOT NULL`;

const KEPT_ANSWERS = `
  SELECT ${isoText('k.created_at')} AS at, 'answer' AS what,
    'The answer is kept under the Idempotency-Key: a repeat gets the same bytes.' AS text,
    json_build_object('table', 'idempotency_keys', 'route', route, 'status', k.status) AS details
  FROM idempotency_keys k JOIN orders o ON o.customer_id = k.customer_id AND o.id = k.order_id
  WHERE o.id = $1`;

const EVENTS = `
  SELECT id, type, created_at, xid, NULL AS topic, NULL::integer AS partition,
    NULL::bigint AS "offset", NULL::timestamptz AS seen_at
  FROM outbox WHERE id = ANY ($1)
  UNION ALL
  SELECT id, type, created_at, xid, published_topic, published_partition, published_offset,
    archived_at
  FROM outbox_archive WHERE id = ANY ($1)`;

const STAGED = `
  SELECT ${isoText('created_at')} AS at, 'outbox' AS what,
    type || ' was put into the outbox, in the database transaction of what it tells.' AS text,
    json_build_object('table', 'outbox', 'eventId', id, 'type', type,
      'databaseTransaction', xid::text) AS details
  FROM (${EVENTS}) AS events`;

const PUBLISHED = `
  SELECT ${isoText('seen_at')} AS at, 'published' AS what,
    type || ' was seen on ' || topic || ', and its row moved to the archive.' AS text,
    json_build_object('table', 'outbox_archive', 'eventId', id, 'type', type, 'topic', topic,
      'partition', partition, 'offset', "offset"::text) AS details
  FROM (${EVENTS}) AS events WHERE topic IS NOT NULL`;

const HEARD = `
  SELECT ${isoText('recorded_at')} AS at, 'fact' AS what,
    'Heard on ' || topic || ': ' || kind || coalesce('. ' || reason, '.') AS text,
    json_build_object('table', 'order_facts', 'kind', kind, 'eventId', event_id, 'topic', topic,
      'partition', partition, 'offset', "offset"::text,
      'occurredAt', ${isoText('occurred_at')}) AS details
  FROM order_facts WHERE order_id = $1`;

const STEPS = `
  SELECT ${isoText('recorded_at')} AS at, 'status' AS what,
    'The order became ' || status || '.' AS text,
    json_build_object('table', 'order_history', 'status', status, 'version', version,
      'occurredAt', ${isoText('occurred_at')}) AS details
  FROM order_history WHERE order_id = $1`;

const REPEATS = `
  SELECT ${isoText('last_at')} AS at, 'repeat' AS what,
    'Delivered again on ' || r.topic || ' and dropped: its id is in the inbox.' AS text,
    json_build_object('table', 'inbox_repeats', 'eventId', r.event_id, 'topic', r.topic,
      'partition', r.partition, 'offset', r."offset"::text, 'times', times) AS details
  FROM inbox_repeats r JOIN order_facts f USING (event_id) WHERE f.order_id = $1`;

/** The table holds what no handler understands, so it is searched for the order's id. */
const PARKED = `
  SELECT ${isoText('parked_at')} AS at, 'parked' AS what,
    'A record of ' || topic || ' was parked: ' || reason AS text,
    json_build_object('table', 'parked', 'eventId', event_id, 'topic', topic,
      'partition', partition, 'offset', "offset"::text) AS details
  FROM parked WHERE position(convert_to($1::uuid::text, 'UTF8') IN value) > 0`;
