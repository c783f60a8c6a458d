import { books, ledgerEntries, query, refundBooks, until, type System } from '@checkout/testkit';

/**
 * What the databases and the gateway's books hold of one customer, in words that a test can list:
 * `2100 EUR` is a charge that went through, `charge 2100 EUR` an entry.
 */
export interface Evidence {
  readonly orders: readonly string[];
  readonly charges: readonly string[];
  readonly refunds: readonly string[];
  readonly entries: readonly string[];
}

export async function evidenceOf(system: System, customerId: string): Promise<Evidence> {
  const rows = await ordersOf(system, customerId);
  const own = ({ orderId }: { orderId: string | null }): boolean =>
    rows.some(({ id }) => id === orderId);
  const succeeded = ({ status }: { status: string }): boolean => status === 'succeeded';
  const [charged, returned, entries] = await Promise.all([
    books(system.gatewayUrl),
    refundBooks(system.gatewayUrl),
    ledgerEntries(system.databaseUrl('ledger')),
  ]);
  return {
    orders: rows.map(({ status }) => status),
    charges: charged.filter(own).filter(succeeded).map(inWords),
    refunds: returned.filter(own).filter(succeeded).map(inWords),
    entries: entries.filter(own).map(({ kind, legs, currency }) => {
      const debits = legs.filter(({ direction }) => direction === 'debit');
      const amount = debits.reduce((sum, leg) => sum + leg.amount, 0n);
      return `${kind} ${inWords({ amount, currency })}`;
    }),
  };
}

/**
 * After all is said and done: nothing of the customer's is under way in any table, so that a second
 * effect, if there were to be one, would be there. The ledger's table is written behind its topic;
 * `entries` says how many rows to wait for.
 */
export async function evidenceAtRest(
  system: System,
  customerId: string,
  { entries }: { entries: number },
): Promise<Evidence> {
  await until({ what: 'every order of the customer is decided', withinMs: 15_000 }, async () => {
    const open = ['placed', 'approved', 'paid'];
    return (await ordersOf(system, customerId)).every(({ status }) => !open.includes(status));
  });
  await until({ what: 'the outboxes are empty', withinMs: 15_000 }, () => allPublished(system));
  await until({ what: `${entries} ledger entries of the customer`, withinMs: 15_000 }, async () => {
    return (await evidenceOf(system, customerId)).entries.length >= entries;
  });
  return evidenceOf(system, customerId);
}

/** Nothing waits in an outbox. */
export async function allPublished(system: System): Promise<boolean> {
  for (const owner of ['orders', 'payments'] as const) {
    const [row] = await query<{ waiting: string }>(
      system.databaseUrl(owner),
      'SELECT count(*) AS waiting FROM outbox',
    );
    if (Number(row?.waiting) > 0) return false;
  }
  return true;
}

/** Oldest first. */
export function ordersOf(
  system: System,
  customerId: string,
): Promise<{ id: string; status: string }[]> {
  return query(
    system.databaseUrl('orders'),
    'SELECT id, status FROM orders WHERE customer_id = $1 ORDER BY id',
    [customerId],
  );
}

function inWords({ amount, currency }: { amount: bigint; currency: string }): string {
  return `${amount} ${currency}`;
}

export const nothing: Evidence = { orders: [], charges: [], refunds: [], entries: [] };

/** One order, charged once and booked once. */
export function bookedOnce(amount: string): Evidence {
  return { orders: ['booked'], charges: [amount], refunds: [], entries: [`charge ${amount}`] };
}
