/**
 * The first check, used by every test that lets orders through: is each order final, and charged
 * and booked once or not at all?
 *
 * It trusts no status alone: the gateway's own books say what was charged, the ledger says what was
 * booked, and both are laid beside the orders. It shares no code with the services that it judges.
 * Not promised: a proof. It looks at the end, at three tables, at one moment, and not at how they
 * came to be so.
 */
export interface Amount {
  readonly amount: bigint;
  /** ISO 4217, in capitals. */
  readonly currency: string;
}

export interface OrderRow extends Amount {
  readonly id: string;
  readonly status: string;
}

export interface Charge extends Amount {
  readonly id: string;
  readonly orderId: string | null;
  readonly status: string;
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

export interface Evidence {
  /** Ids of orders that a client was promised. */
  readonly accepted?: readonly string[];
  readonly orders: readonly OrderRow[];
  readonly charges: readonly Charge[];
  readonly entries: readonly LedgerEntry[];
}

export interface Violation {
  readonly orderId: string;
  readonly what: string;
}

export interface Verdict {
  readonly orders: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly charges: number;
  readonly entries: number;
  readonly violations: readonly Violation[];
}

const NOTHING_CHARGED = ['rejected', 'payment_failed', 'cancelled'];
const FINAL = ['booked', ...NOTHING_CHARGED];

/** Throws when there is no order to look at: a check of nothing must not look like a success. */
export function verdict({ accepted = [], orders, charges, entries }: Evidence): Verdict {
  if (orders.length === 0) throw new Error('there is no order: nothing was judged');
  const succeeded = charges.filter(({ status }) => status === 'succeeded');
  const chargesOf = Map.groupBy(succeeded, ({ orderId }) => orderId ?? '');
  const entriesOf = Map.groupBy(entries, ({ orderId }) => orderId);
  const known = new Set(orders.map(({ id }) => id));
  const violations = [
    ...orders.flatMap((order) =>
      judge(order, chargesOf.get(order.id) ?? [], entriesOf.get(order.id) ?? []),
    ),
    ...accepted
      .filter((orderId) => !known.has(orderId))
      .map((orderId) => ({ orderId, what: 'was accepted and is not there' })),
    ...withoutOrder(known, succeeded, entries),
  ];
  return {
    orders: orders.length,
    byStatus: countBy(orders.map(({ status }) => status)),
    charges: succeeded.length,
    entries: entries.length,
    violations,
  };
}

function judge(
  order: OrderRow,
  charges: readonly Charge[],
  entries: readonly LedgerEntry[],
): Violation[] {
  const faults = FINAL.includes(order.status)
    ? [...countFaults(order, charges, entries), ...contentFaults(order, charges, entries)]
    : [`is not final: ${order.status}`];
  return faults.map((what) => ({ orderId: order.id, what }));
}

function countFaults(
  order: OrderRow,
  charges: readonly Charge[],
  entries: readonly LedgerEntry[],
): string[] {
  const due = order.status === 'booked' ? 1 : 0;
  const faults: string[] = [];
  if (charges.length !== due) {
    const ids = charges.map(({ id }) => id).join(', ');
    faults.push(`is ${order.status}, with ${charges.length} charges instead of ${due} ${ids}`);
  }
  if (entries.length !== due) {
    const ids = entries.map(({ transactionId }) => transactionId).join(', ');
    faults.push(
      `is ${order.status}, with ${entries.length} ledger entries instead of ${due} ${ids}`,
    );
  }
  return faults.map((fault) => fault.trimEnd());
}

function contentFaults(
  order: OrderRow,
  charges: readonly Charge[],
  entries: readonly LedgerEntry[],
): string[] {
  const differs = (value: Amount): boolean =>
    value.amount !== order.amount || value.currency !== order.currency;
  const due = `${order.amount} ${order.currency}`;
  return [
    ...charges
      .filter(differs)
      .map((charge) => `${charge.id} is ${charge.amount} ${charge.currency}, not ${due}`),
    ...entries.flatMap((entry) => {
      const { transactionId, currency } = entry;
      const debits = sum(entry, 'debit');
      const credits = sum(entry, 'credit');
      if (debits !== credits) {
        return [`entry ${transactionId} is out of balance: ${debits} against ${credits}`];
      }
      return differs({ amount: debits, currency })
        ? [`entry ${transactionId} is ${debits} ${currency}, not ${due}`]
        : [];
    }),
  ];
}

function withoutOrder(
  known: ReadonlySet<string>,
  charges: readonly Charge[],
  entries: readonly LedgerEntry[],
): Violation[] {
  return [
    ...charges.map(({ id, orderId }) => ({ orderId: orderId ?? 'none', what: `charge ${id}` })),
    ...entries.map((entry) => ({ orderId: entry.orderId, what: `entry ${entry.transactionId}` })),
  ]
    .filter(({ orderId }) => !known.has(orderId))
    .map(({ orderId, what }) => ({ orderId, what: `${what} belongs to no order` }));
}

function sum(entry: LedgerEntry, direction: 'debit' | 'credit'): bigint {
  return entry.legs
    .filter((leg) => leg.direction === direction)
    .reduce((total, { amount }) => total + amount, 0n);
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
