import { openOrders, query, until, type System } from '@checkout/testkit';

const ENDED_WITHIN_MS = 60_000;

export async function allEnded(system: System): Promise<void> {
  await until({ what: 'every order has come to its end', withinMs: ENDED_WITHIN_MS }, async () => {
    return (await openOrders(system.databaseUrl('orders'))) === 0;
  });
}

/** Orders of which nobody knows yet whether they are approved. */
export async function undecided(system: System): Promise<number> {
  const sql = `SELECT count(*)::integer AS n FROM orders WHERE status = 'placed'`;
  const [row] = await query<{ n: number }>(system.databaseUrl('orders'), sql);
  return row?.n ?? 0;
}

/** Of the orders with a line of the product, in the order of the alphabet. */
export async function statusesOf(system: System, sku: string): Promise<string[]> {
  const rows = await query<{ status: string }>(
    system.databaseUrl('orders'),
    `SELECT status FROM orders WHERE id IN (SELECT order_id FROM order_lines WHERE sku = $1)`,
    [sku],
  );
  return rows.map(({ status }) => status).toSorted();
}
