import { stage } from '@checkout/outbox';
import type { EntityManager } from 'typeorm';
import { isoText } from './database-clock.js';
import { laterEvent } from './later-event.js';

/**
 * Says of orders that nobody has decided in time that time is up.
 *
 * Guarantee: an order is told to be overdue once at most, by any number of replicas, and the note
 * that it was told is durable together with the event (one database transaction). What has moved on
 * is not told.
 * Threat, step by step: two replicas look at one moment. The first locks the rows that it takes;
 * the second skips them. Had the first died before its commit, its locks would end with it, and the
 * next look of anybody finds the same orders.
 * Threat: the order is approved, but this database has not heard of it. The event is told all the
 * same, and is a no-op where orders are decided: what is decided stays.
 * Not promised: that it is told on the second. It is told by the first look after the time is up.
 */
export interface OverdueLimits {
  readonly afterMs: number;
  readonly atMost: number;
}

/** Returns the ids of the orders that it told. */
export async function tellOverdue(
  tx: EntityManager,
  { afterMs, atMost }: OverdueLimits,
): Promise<readonly string[]> {
  const late: { orderId: string; occurredAt: string }[] = await tx.query(TAKE_OVERDUE, [
    afterMs,
    atMost,
  ]);
  await stage(
    tx,
    late.map((payload) => laterEvent('OrderOverdue', payload)),
  );
  return late.map(({ orderId }) => orderId);
}

const TAKE_OVERDUE = `
  WITH late AS (
    SELECT id FROM orders
    WHERE status = 'placed' AND overdue_at IS NULL
      AND placed_at <= statement_timestamp() - $1 * interval '1 millisecond'
    ORDER BY placed_at LIMIT $2
    FOR UPDATE SKIP LOCKED
  ), told AS (
    UPDATE orders SET overdue_at = date_trunc('milliseconds', statement_timestamp())
    FROM late WHERE orders.id = late.id
    RETURNING orders.id, overdue_at
  )
  SELECT id AS "orderId", ${isoText('overdue_at')} AS "occurredAt" FROM told`;
