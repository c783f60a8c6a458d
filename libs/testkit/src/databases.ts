import { Client } from 'pg';

/** A connection of its own for each look: the server may have been killed since the last one. */
export async function query<Row extends object>(
  databaseUrl: string,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 2_000 });
  // A server that is killed under the connection also ends the query, which reports it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql, [...parameters])).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Orders whose fate is still open: what a kill must have met to prove anything. A booked one whose
 * customer asked to cancel has a refund ahead.
 */
export async function openOrders(ordersUrl: string): Promise<number> {
  const [row] = await query<{ open: string }>(
    ordersUrl,
    `SELECT count(*) AS open FROM orders WHERE status IN ('placed', 'approved', 'paid')
       OR (status = 'booked' AND cancel_requested_at IS NOT NULL)`,
  );
  return Number(row?.open);
}

export interface LedgerEntry {
  readonly transactionId: string;
  readonly orderId: string;
  readonly kind: string;
  readonly currency: string;
  readonly legs: readonly {
    readonly account: string;
    readonly direction: 'debit' | 'credit';
    readonly amount: bigint;
  }[];
}

interface StoredEntry extends Omit<LedgerEntry, 'legs'> {
  readonly legs: readonly (Omit<LedgerEntry['legs'][number], 'amount'> & { amount: string })[];
}

/** The ledger as the sink has written it: one row an entry, holding the very bytes of the topic. */
export async function ledgerEntries(ledgerUrl: string): Promise<LedgerEntry[]> {
  const rows = await query<{ entry: string }>(ledgerUrl, 'SELECT entry FROM ledger_entries');
  return rows.map(({ entry }) => {
    const stored = JSON.parse(entry) as StoredEntry;
    const legs = stored.legs.map((leg) => ({ ...leg, amount: BigInt(leg.amount) }));
    return { ...stored, legs };
  });
}
