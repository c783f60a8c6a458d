import type { OrderView } from '@checkout/api';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { Order } from './order.entity.js';
import { viewOf, wholeOrder } from './order-view.js';

/**
 * What a customer's event stream tells, one row of `order_events` a change, resumable at any of
 * them.
 *
 * Guarantee: a reader that goes on after the last id it saw misses no change of its customer's
 * orders, and sees none twice. Whoever is told a change later is told the same: the order as it
 * stood then, without a wish that came afterwards.
 * Threat: ids come from a sequence, and sequences do not wait for commits. Writer A draws 7, writer
 * B draws 8 and commits first; a reader sees 8, goes on after 8, and never sees 7. So whoever
 * appends takes a lock named by the customer before it draws an id, and holds it until its commit:
 * for one customer, ids become visible in rising order.
 * Not promised: an order between customers, which nobody can see; the time of a step that only a
 * later one has implied, which is told better once its own fact is known.
 */
const STREAM_LOCK = 2;

/** SQL text: the number of the lock on a customer's stream; the id is text. */
export function streamLockSql(customerId: string): string {
  return `hashtextextended(${customerId}, ${STREAM_LOCK})`;
}

/**
 * Several customers at once: always in the same order, so that two writers cannot wait for each
 * other.
 */
export async function lockStreams(tx: EntityManager, customerIds: readonly string[]) {
  await tx.query(
    `SELECT pg_advisory_xact_lock(lock) FROM (
       SELECT DISTINCT ${streamLockSql('id')} AS lock FROM unnest($1::text[]) AS id
       ORDER BY lock) AS sorted`,
    [customerIds],
  );
}

/** News that changes no version: the customer's other tabs learn that he wishes to cancel. */
export async function tellWish(
  tx: EntityManager,
  { customerId, orderId }: { customerId: string; orderId: string },
): Promise<void> {
  await lockStreams(tx, [customerId]);
  await tx.query(
    `INSERT INTO order_events (customer_id, order_id, version, wish)
     SELECT customer_id, id, version, true FROM orders WHERE id = $1`,
    [orderId],
  );
}

export interface OrderChange {
  readonly seq: string;
  readonly order: OrderView;
}

/**
 * Changes of recent orders that a new reader is told at once: the history of what its page shows.
 */
const RECENT = 200;
const AT_ONCE = 100;

@Injectable()
export class OrderStream {
  constructor(private readonly database: DataSource) {}

  /**
   * Where to go on: after the id that was seen last, or at the recent past when there is no such
   * row (any more).
   */
  async startAfter(customerId: string, lastSeen: string | undefined): Promise<string> {
    const seen = /^\d{1,18}$/.test(lastSeen ?? '') ? lastSeen : '0';
    const rows = await this.database.query<{ seq: string }[]>(
      `SELECT coalesce(
         (SELECT seq FROM order_events WHERE customer_id = $1 AND seq = $2),
         (SELECT seq FROM order_events WHERE customer_id = $1
          ORDER BY seq DESC OFFSET ${RECENT} LIMIT 1),
         0)::text AS seq`,
      [customerId, seen],
    );
    return rows.map(({ seq }) => seq).join();
  }

  async changesAfter(customerId: string, seq: string): Promise<OrderChange[]> {
    const rows: ChangeRow[] = await this.database.query(
      `SELECT seq::text, order_id AS "orderId", version, status, reason,
         EXISTS (SELECT FROM order_events AS wished
           WHERE wished.order_id = told.order_id AND wished.wish AND wished.seq <= told.seq
         ) AS wished
       FROM order_events AS told JOIN order_history USING (order_id, version)
       WHERE customer_id = $1 AND seq > $2
       ORDER BY told.seq LIMIT ${AT_ONCE}`,
      [customerId, seq],
    );
    if (rows.length === 0) return [];
    const orders = await this.database.getRepository(Order).find({
      where: { customerId, id: In([...new Set(rows.map(({ orderId }) => orderId))]) },
      ...wholeOrder,
    });
    const byId = new Map(orders.map((order) => [order.id, order]));
    return rows.flatMap(({ seq: at, orderId, wished, ...stood }) => {
      const order = byId.get(orderId);
      if (!order) return [];
      const cancelRequestedAt = wished ? order.cancelRequestedAt : null;
      return [{ seq: at, order: viewOf({ ...order, ...stood, cancelRequestedAt }) }];
    });
  }
}

interface ChangeRow {
  readonly seq: string;
  readonly orderId: string;
  readonly version: number;
  readonly status: Order['status'];
  readonly reason: string | null;
  /** It had been asked to be cancelled by then. */
  readonly wished: boolean;
}
