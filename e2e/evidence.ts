import {
  books,
  ledgerEntries,
  openOrders,
  query,
  refundBooks,
  until,
  type System,
} from '@checkout/testkit';

/**
 * What the databases and the gateway's books hold of a customer, or of all, in words that a test
 * can list: `2100 EUR` is a charge that went through, `charge 2100 EUR` an entry.
 */
export interface Evidence {
  readonly orders: readonly string[];
  readonly charges: readonly string[];
  readonly refunds: readonly string[];
  readonly entries: readonly string[];
}

export async function evidenceOf(system: System, customerId: string): Promise<Evidence> {
  const rows = await ordersOf(system, customerId);
  const ids = new Set<string | null>(rows.map(({ id }) => id));
  return told(rows, await moneyMoved(system, ({ orderId }) => ids.has(orderId)));
}

/** All that was ever ordered, charged, paid back and booked, once nothing of it is under way. */
export async function shopAtRest(system: System): Promise<Evidence> {
  await atRest(system);
  const [rows, moved] = await Promise.all([allOrders(system), moneyMoved(system)]);
  const { orders, charges, refunds, entries } = told(rows, moved);
  return {
    orders: orders.toSorted(),
    charges: charges.toSorted(),
    refunds: refunds.toSorted(),
    entries: entries.toSorted(),
  };
}

type Charge = Awaited<ReturnType<typeof books>>[number];
type Entry = Awaited<ReturnType<typeof ledgerEntries>>[number];

interface Moved {
  readonly charges: readonly Charge[];
  readonly refunds: readonly Charge[];
  readonly entries: readonly Entry[];
}

function told(
  rows: readonly { readonly status: string }[],
  { charges, refunds, entries }: Moved,
): Evidence {
  return {
    orders: rows.map(({ status }) => status),
    charges: charges.map(inWords),
    refunds: refunds.map(inWords),
    entries: entries.map((entry) => {
      return `${entry.kind} ${inWords({ amount: debitsOf(entry), currency: entry.currency })}`;
    }),
  };
}

interface OfAnOrder {
  readonly orderId: string | null;
}

/** Of all orders, or of some: by the gateway's books and by ours. */
export async function moneyMoved(
  system: System,
  some: (one: OfAnOrder) => boolean = () => true,
): Promise<Moved> {
  const [charges, refunds, entries] = await Promise.all([
    books(system.gatewayUrl),
    refundBooks(system.gatewayUrl),
    ledgerEntries(system.databaseUrl('ledger')),
  ]);
  const succeeded = ({ status }: { status: string }): boolean => status === 'succeeded';
  return {
    charges: charges.filter(succeeded).filter(some),
    refunds: refunds.filter(succeeded).filter(some),
    entries: entries.filter(some),
  };
}

export function debitsOf({ legs }: Entry): bigint {
  const debits = legs.filter(({ direction }) => direction === 'debit');
  return debits.reduce((sum, { amount }) => sum + amount, 0n);
}

/** As long as the slowest restart of a part takes, with what was waiting for it. */
const AT_REST_WITHIN_MS = 60_000;

/**
 * Nothing is on its way any more, so that a second effect, if there were to be one, would be
 * there. The ledger's table is written behind its topic.
 */
export async function atRest(system: System): Promise<void> {
  const rest = { what: 'the shop comes to rest', withinMs: AT_REST_WITHIN_MS, everyMs: 200 };
  await until(rest, async () => {
    const open = await openOrders(system.databaseUrl('orders'));
    if (open > 0) throw new Error(`${open} orders are not final`);
    if (!(await allPublished(system))) throw new Error('an outbox is not empty');
    const { charges, refunds, entries } = await moneyMoved(system);
    const moved = charges.length + refunds.length;
    if (entries.length !== moved) throw new Error(`${entries.length} entries of ${moved}`);
    return true;
  });
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
async function allPublished(system: System): Promise<boolean> {
  for (const owner of ['orders', 'payments'] as const) {
    const [row] = await query<{ waiting: string }>(
      system.databaseUrl(owner),
      'SELECT count(*) AS waiting FROM outbox',
    );
    if (Number(row?.waiting) > 0) return false;
  }
  return true;
}

function allOrders(system: System): Promise<{ id: string; status: string }[]> {
  return query(system.databaseUrl('orders'), 'SELECT id, status FROM orders');
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
