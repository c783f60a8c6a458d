import type { System } from '@checkout/local';
import { join } from 'node:path';
import { ledgerEntries, openOrders, orders, query, unpublished } from './databases.js';
import { books, refundBooks } from './gateway-books.js';
import { until } from './until.js';
import { verdict, type Verdict, type Violation } from './verdict.js';

type Judged = Pick<System, 'databaseUrl' | 'gatewayUrl' | 'runDir'>;

export interface JudgeOptions {
  /** How long the system may take to come to rest. */
  readonly withinMs: number;
  /** Ids of orders that a client was promised: all of them must be there. */
  readonly accepted?: readonly string[];
}

/**
 * Waits until the system is at rest, then gives the verdict, and throws with all there is to look
 * at when an order broke the promise.
 *
 * At rest: every order is final and nothing waits in an outbox. The ledger's table is written by a
 * sink behind the topic, so it may need a moment more; a fault that stays is a fault.
 */
export async function judge(system: Judged, options: JudgeOptions): Promise<Verdict> {
  await atRest(system, options.withinMs);
  let last = await look(system, options.accepted);
  await until({ what: 'the ledger table catches up', withinMs: LEDGER_WITHIN_MS }, async () => {
    last = await look(system, options.accepted);
    return last.violations.length === 0;
  }).catch(() => undefined);
  if (last.violations.length > 0) throw new Error(await report(system, last));
  return last;
}

const LEDGER_WITHIN_MS = 10_000;

export async function look(system: Judged, accepted?: readonly string[]): Promise<Verdict> {
  const [allOrders, charges, refunds, entries] = await Promise.all([
    orders(system.databaseUrl('orders')),
    books(system.gatewayUrl),
    refundBooks(system.gatewayUrl),
    ledgerEntries(system.databaseUrl('ledger')),
  ]);
  const evidence = { orders: allOrders, charges, refunds, entries };
  return verdict({ ...(accepted && { accepted }), ...evidence });
}

async function atRest(system: Judged, withinMs: number): Promise<void> {
  const wait = { what: 'every order is final and every outbox is empty', withinMs, everyMs: 200 };
  await until(wait, async () => {
    const open = await openOrders(system.databaseUrl('orders'));
    if (open > 0) throw new Error(`${open} orders are not final`);
    for (const owner of ['orders', 'payments'] as const) {
      const waiting = await unpublished(system.databaseUrl(owner));
      if (waiting > 0) throw new Error(`${waiting} rows wait in the outbox of ${owner}`);
    }
    return true;
  }).catch(async (error: unknown) => {
    const found = await look(system).catch(() => undefined);
    const text = found ? await report(system, found) : `Logs: ${join(system.runDir, 'logs')}`;
    throw new Error(`${(error as Error).message}\n${text}`, { cause: (error as Error).cause });
  });
}

/** More than these tell nothing new. */
const SHOWN_VIOLATIONS = 10;
const EXPLAINED_ORDERS = 2;

async function report(system: Judged, found: Verdict): Promise<string> {
  const { violations, ...counts } = found;
  const lines = violations.slice(0, SHOWN_VIOLATIONS).map(line);
  const orderIds = [...new Set(violations.map(({ orderId }) => orderId))];
  const rows = await Promise.all(
    orderIds.slice(0, EXPLAINED_ORDERS).map((orderId) => rowsOf(system, orderId)),
  );
  return [
    `VIOLATED: ${violations.length} times in ${JSON.stringify(counts)}`,
    ...lines,
    ...rows,
    `Logs: ${join(system.runDir, 'logs')} (grep for the order's id)`,
  ].join('\n');
}

const line = ({ orderId, what }: Violation): string => `  order ${orderId} ${what}`;

/** Every row of every database that names the order, whatever the table. */
async function rowsOf(system: Judged, orderId: string): Promise<string> {
  const found: string[] = [`Rows of order ${orderId}:`];
  for (const database of ['orders', 'payments', 'gateway', 'ledger'] as const) {
    const url = system.databaseUrl(database);
    for (const { table, column } of await query<Column>(url, COLUMNS)) {
      const rows = await query<{ row: object }>(
        url,
        `SELECT to_jsonb(t) AS row FROM "${table}" t WHERE "${column}"::text = $1 LIMIT 20`,
        [orderId],
      );
      found.push(...rows.map(({ row }) => `  ${database}.${table} ${JSON.stringify(row)}`));
    }
  }
  return found.join('\n');
}

interface Column {
  readonly table: string;
  readonly column: string;
}

const COLUMNS = `
  SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
  WHERE table_schema = 'public'
    AND (column_name IN ('order_id', 'aggregateid')
      OR (table_name = 'orders' AND column_name = 'id'))
  ORDER BY table_name`;
