import type { Case } from '../case.js';
import type { Convicted, CounterExample, Invariant } from '../invariant.js';
import { parseEntry, unitsOf, type Entry } from './entry.js';

export const a31: Invariant = {
  id: 'A31',
  says: 'All money together: what orders cost is what was charged and what was booked.',
  rule:
    'per currency, over the orders that nothing else has named: Σ totals of paid orders = Σ ' +
    'charges = Σ revenue and tax booked; Σ refunds at the gateway = Σ revenue and tax reversed',
  judge({ evidence }, convicted) {
    const sums = new Sums();
    addOrders(sums, evidence, convicted);
    addBooks(sums, evidence, convicted);
    addLedger(sums, evidence, convicted);
    return { rows: sums.rows, counterExamples: sums.faults() };
  },
};

type Column = 'ordered' | 'charged' | 'booked' | 'returned' | 'reversed';
const EQUAL: readonly (readonly [Column, Column])[] = [
  ['ordered', 'charged'],
  ['charged', 'booked'],
  ['returned', 'reversed'],
];

class Sums {
  readonly #byCurrency = new Map<string, Record<Column, bigint>>();
  rows = 0;

  add(column: Column, currency: string, amount: bigint): void {
    this.rows++;
    const none = { ordered: 0n, charged: 0n, booked: 0n, returned: 0n, reversed: 0n };
    const sums = this.#byCurrency.get(currency) ?? none;
    sums[column] += amount;
    this.#byCurrency.set(currency, sums);
  }

  faults(): CounterExample[] {
    return [...this.#byCurrency].flatMap(([currency, sums]) =>
      EQUAL.filter(([one, other]) => sums[one] !== sums[other]).map(([one, other]) => ({
        what: `${currency}: ${sums[one]} were ${one}, ${sums[other]} ${other}`,
      })),
    );
  }
}

const PAID = ['paid', 'booked', 'refunded'];

type Add = (sums: Sums, evidence: Case['evidence'], convicted: Convicted) => void;

const addOrders: Add = (sums, { orders }, convicted) => {
  for (const { id, status, total, currency } of orders.orders) {
    if (!convicted.has(id)) sums.add('ordered', currency, PAID.includes(status) ? total : 0n);
  }
};

const addBooks: Add = (sums, { gateway }, convicted) => {
  const { charges, refunds } = gateway.books;
  for (const { orderId, status, amount, currency } of charges) {
    if (status !== 'succeeded' || convicted.has(orderId ?? '')) continue;
    sums.add('charged', currency, amount);
  }
  for (const { orderId, status, amount, currency } of refunds) {
    if (status !== 'succeeded' || convicted.has(orderId ?? '')) continue;
    sums.add('returned', currency, amount);
  }
};

const addLedger: Add = (sums, { ledger }, convicted) => {
  for (const { entry: text } of ledger.entries) {
    const entry = parseEntry(text);
    if (!entry || convicted.has(entry.orderId)) continue;
    const column = entry.kind === 'refund' ? 'reversed' : 'booked';
    sums.add(column, entry.currency, earned(entry));
  }
};

/** What an entry adds to revenue and tax, or takes away from them. */
function earned({ legs, kind }: Entry): bigint {
  const due = kind === 'refund' ? 'debit' : 'credit';
  return legs
    .filter(({ account }) => account === 'sales-revenue' || account === 'vat-payable')
    .reduce((sum, leg) => sum + (leg.direction === due ? unitsOf(leg) : -unitsOf(leg)), 0n);
}
