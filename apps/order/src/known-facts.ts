import { byTime, type KnownFact } from '@checkout/api';
import { eventId, orderPlacedId } from '@checkout/events';
import { knownDeliveries } from '@checkout/inbox';
import { knownEvents } from '@checkout/outbox';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isoText } from './database-clock.js';

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
  async of(orderId: string): Promise<KnownFact[]> {
    const placed = orderPlacedId(orderId);
    const own = [placed, eventId(placed, 'OrderCancelRequested'), eventId(placed, 'OrderOverdue')];
    const heard = await this.#read(HEARD, [orderId]);
    const eventIds = heard.map(({ details }) => String(details['eventId']));
    const found = await Promise.all([
      this.#read(ORDER, [orderId]),
      this.#read(WISH, [orderId]),
      this.#read(KEPT_ANSWERS, [orderId]),
      this.#read(STEPS, [orderId]),
      knownEvents(this.database, own),
      knownDeliveries(this.database, { orderId, eventIds }),
    ]);
    return [...heard, ...found.flat()].toSorted(byTime);
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

const HEARD = `
  SELECT ${isoText('recorded_at')} AS at, 'fact' AS what,
    'Heard on ' || topic || ': ' || kind || coalesce('. ' || reason, '.') AS text,
    json_build_object('table', 'order_facts', 'kind', kind, 'eventId', event_id, 'topic', topic,
      'partition', partition, 'offset', "offset"::text,
      'occurredAt', ${isoText('occurred_at')}) AS details
  FROM order_facts WHERE order_id = $1`;

const STEPS = `
  SELECT ${isoText('recorded_at')} AS at, 'status' AS what,
    'The order became ' || replace(status, '_', ' ') || '.' AS text,
    json_build_object('table', 'order_history', 'status', status, 'version', version,
      'occurredAt', ${isoText('occurred_at')}) AS details
  FROM order_history WHERE order_id = $1`;
