/**
 * The first check, used by every test that lets orders through: is each order final, and charged
 * and booked once or not at all, and paid back whole where it was to be?
 *
 * It trusts no status alone: the gateway's own books say what was charged and what went back, the
 * ledger says what was booked, and all are laid beside the orders. It shares no code with the
 * services that it judges.
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
  /** The customer has asked to cancel it. */
  readonly cancelRequested: boolean;
}

/** A charge or a refund, as the gateway has booked it. */
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
  readonly refunds: readonly Charge[];
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
  readonly refunds: number;
  readonly entries: number;
  readonly violations: readonly Violation[];
}

/** How many charges and refunds belong to an order that ended so; each has an entry of its kind. */
const DUE: Readonly<Record<string, { readonly charge: number; readonly refund: number }>> = {
  booked: { charge: 1, refund: 0 },
  refunded: { charge: 1, refund: 1 },
  rejected: { charge: 0, refund: 0 },
  payment_failed: { charge: 0, refund: 0 },
  cancelled: { charge: 0, refund: 0 },
};
/** Ends that only a wish can lead to. */
const WISHED = ['cancelled', 'refunded'];

/** What is known of one order. */
interface Traces {
  readonly charges: readonly Charge[];
  readonly refunds: readonly Charge[];
  readonly entries: readonly LedgerEntry[];
}

/** Throws when there is no order to look at: a check of nothing must not look like a success. */
export function verdict({ accepted = [], orders, ...evidence }: Evidence): Verdict {
  if (orders.length === 0) throw new Error('there is no order: nothing was judged');
  const known = new Set(orders.map(({ id }) => id));
  const traces = {
    charges: evidence.charges.filter(({ status }) => status === 'succeeded'),
    refunds: evidence.refunds,
    entries: evidence.entries,
  };
  const tracesOf = byOrder(traces);
  const violations = [
    ...orders.flatMap((order) => judge(order, tracesOf(order.id))),
    ...accepted
      .filter((orderId) => !known.has(orderId))
      .map((orderId) => ({ orderId, what: 'was accepted and is not there' })),
    ...withoutOrder(known, traces),
  ];
  return {
    orders: orders.length,
    byStatus: countBy(orders.map(({ status }) => status)),
    charges: traces.charges.length,
    refunds: traces.refunds.length,
    entries: traces.entries.length,
    violations,
  };
}

function byOrder({ charges, refunds, entries }: Traces): (orderId: string) => Traces {
  const chargesOf = Map.groupBy(charges, ({ orderId }) => orderId);
  const refundsOf = Map.groupBy(refunds, ({ orderId }) => orderId);
  const entriesOf = Map.groupBy(entries, ({ orderId }) => orderId);
  return (orderId) => ({
    charges: chargesOf.get(orderId) ?? [],
    refunds: refundsOf.get(orderId) ?? [],
    entries: entriesOf.get(orderId) ?? [],
  });
}

function judge(order: OrderRow, traces: Traces): Violation[] {
  const due = DUE[order.status];
  const faults = due
    ? [
        ...wishFaults(order),
        ...countFaults(order, due, traces),
        ...contentFaults(order, traces),
        ...reversalFaults(traces),
      ]
    : [`is not final: ${order.status}`];
  return faults.map((what) => ({ orderId: order.id, what }));
}

function wishFaults({ status, cancelRequested }: OrderRow): string[] {
  if (status === 'booked' && cancelRequested) return ['is booked, and was to be cancelled'];
  if (WISHED.includes(status) && !cancelRequested) return [`is ${status}, and nobody asked for it`];
  return [];
}

function countFaults(
  { status }: OrderRow,
  due: { readonly charge: number; readonly refund: number },
  { charges, refunds, entries }: Traces,
): string[] {
  const idsOf = (kind: string) =>
    entries.filter((entry) => entry.kind === kind).map(({ transactionId }) => transactionId);
  const others = entries.filter(({ kind }) => kind !== 'charge' && kind !== 'refund');
  const counted: [string, readonly string[], number][] = [
    ['charges', charges.map(({ id }) => id), due.charge],
    ['refunds', refunds.map(({ id }) => id), due.refund],
    ['ledger entries of a charge', idsOf('charge'), due.charge],
    ['ledger entries of a refund', idsOf('refund'), due.refund],
    ['ledger entries of another kind', others.map(({ transactionId }) => transactionId), 0],
  ];
  return counted
    .filter(([, ids, number]) => ids.length !== number)
    .map(([what, ids, number]) =>
      `is ${status}, with ${ids.length} ${what} instead of ${number} ${ids.join(', ')}`.trimEnd(),
    );
}

function contentFaults(order: OrderRow, { charges, refunds, entries }: Traces): string[] {
  const differs = (value: Amount): boolean =>
    value.amount !== order.amount || value.currency !== order.currency;
  const due = `${order.amount} ${order.currency}`;
  return [
    ...refunds
      .filter(({ status }) => status !== 'succeeded')
      .map(({ id, status }) => `${id} is ${status}`),
    ...[...charges, ...refunds]
      .filter(differs)
      .map(({ id, amount, currency }) => `${id} is ${amount} ${currency}, not ${due}`),
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

/** What a charge has credited (revenue, taxes), its refund takes back, account by account. */
function reversalFaults({ entries }: Traces): string[] {
  const charge = entries.find(({ kind }) => kind === 'charge');
  const refund = entries.find(({ kind }) => kind === 'refund');
  if (!charge || !refund) return [];
  const earned = legsOf(charge, 'credit');
  const returned = legsOf(refund, 'debit');
  if (earned === returned) return [];
  return [`entry ${refund.transactionId} takes back ${returned} of ${earned}`];
}

function legsOf(entry: LedgerEntry, wanted: 'debit' | 'credit'): string {
  return entry.legs
    .filter(({ direction }) => direction === wanted)
    .map(({ account, amount }) => `${account} ${amount}`)
    .toSorted()
    .join(', ');
}

function withoutOrder(
  known: ReadonlySet<string>,
  { charges, refunds, entries }: Traces,
): Violation[] {
  return [
    ...charges.map(({ id, orderId }) => ({ orderId: orderId ?? 'none', what: `charge ${id}` })),
    ...refunds.map(({ id, orderId }) => ({ orderId: orderId ?? 'none', what: `refund ${id}` })),
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
