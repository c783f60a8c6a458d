import { query } from '@checkout/testkit';

/** What one side of the comparison says that it did, and what the database has of it. */
export interface Evidence {
  /** Ids of orders that were answered with yes. */
  readonly accepted: readonly string[];
  readonly stored: readonly string[];
  /** Orders with all that belongs to one: lines, key, history, stream and, in the same database
   * transaction, the row of the outbox. */
  readonly whole: readonly string[];
}

/**
 * Throws unless what was accepted is what is stored, whole, and nothing else: then there are no
 * figures.
 */
export function settleAcceptance(side: string, evidence: Evidence): number {
  const { accepted, stored, whole } = evidence;
  const sets = [accepted, stored, whole].map((ids) => new Set(ids));
  const counts = { accepted: accepted.length, stored: stored.length, whole: whole.length };
  const same = sets.every(
    (ids) => ids.size === accepted.length && accepted.every((id) => ids.has(id)),
  );
  if (accepted.length === 0) throw new Error(`${side}: no order was accepted`);
  if (!same || stored.length !== accepted.length || whole.length !== accepted.length) {
    throw new Error(
      `${side}: what was accepted, stored and told does not match, so no figures: ` +
        JSON.stringify(counts),
    );
  }
  return accepted.length;
}

/** The orders of one side are known by their payment method. */
export async function storedOrders(databaseUrl: string, paymentMethod: string) {
  const ids = async (sql: string): Promise<string[]> =>
    (await query<{ id: string }>(databaseUrl, sql, [paymentMethod])).map(({ id }) => id);
  return { stored: await ids(STORED), whole: await ids(WHOLE) };
}

const STORED = 'SELECT id FROM orders WHERE payment_method = $1';

const WHOLE = `
  SELECT o.id FROM orders o
    JOIN order_lines l ON l.order_id = o.id AND l.line_number = 1
    JOIN idempotency_keys k ON k.order_id = o.id
    JOIN order_history h ON h.order_id = o.id AND h.version = 1
    JOIN order_events e ON e.order_id = o.id AND e.version = 1
    JOIN (SELECT causation_id, type, xid FROM outbox
          UNION ALL SELECT causation_id, type, xid FROM outbox_archive) AS b
      ON b.causation_id = o.id AND b.type = 'OrderPlaced' AND b.xid = o.xid
  WHERE o.payment_method = $1`;
