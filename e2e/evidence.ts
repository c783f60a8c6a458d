import { books, ledgerEntries, query, until, type System } from '@checkout/testkit';

/** What the databases and the gateway's books hold of one customer. */
export interface Evidence {
  readonly orders: readonly string[];
  readonly charges: readonly string[];
  readonly entries: readonly string[];
}

export async function evidenceOf(system: System, customerId: string): Promise<Evidence> {
  const rows = await query<{ id: string; status: string }>(
    system.databaseUrl('orders'),
    'SELECT id, status FROM orders WHERE customer_id = $1',
    [customerId],
  );
  const ids = rows.map(({ id }) => id);
  const charges = await books(system.gatewayUrl);
  const entries = await ledgerEntries(system.databaseUrl('ledger'));
  return {
    orders: rows.map(({ status }) => status),
    charges: charges
      .filter(({ orderId, status }) => ids.includes(orderId ?? '') && status === 'succeeded')
      .map(({ amount, currency }) => `${amount} ${currency}`),
    entries: entries
      .filter(({ orderId }) => ids.includes(orderId))
      .map(({ legs, currency }) => {
        const debits = legs.filter(({ direction }) => direction === 'debit');
        return `${debits.reduce((sum, { amount }) => sum + amount, 0n)} ${currency}`;
      }),
  };
}

/**
 * The ledger's table is written behind the topic, so the entry may come a moment after "booked".
 */
export async function bookedEvidence(system: System, customerId: string): Promise<Evidence> {
  await until({ what: 'a ledger entry of the customer', withinMs: 10_000 }, async () => {
    return (await evidenceOf(system, customerId)).entries.length > 0;
  });
  return evidenceOf(system, customerId);
}
