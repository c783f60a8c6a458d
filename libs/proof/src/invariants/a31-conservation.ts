import type { Evidence } from '../evidence/evidence.js';
import type { Convicted, CounterExample, Invariant } from '../invariant.js';
import { parseEntry, unitsOf } from './entry.js';

export const a31: Invariant = {
  id: 'A31',
  says: 'All money together: each account holds what orders, charges and refunds amount to.',
  rule:
    'per currency, over the orders that nothing else has named: Σ totals of paid orders = Σ ' +
    'charges; charges booked: gateway-receivable = Σ charges − Σ fees, gateway-fees = Σ fees, ' +
    'sales-revenue = Σ totals − Σ tax, vat-payable = Σ tax; refunds booked: the same of refunded ' +
    'orders, gateway-receivable = Σ refunds at the gateway; any other account: nothing',
  judge({ evidence }, convicted) {
    const sums = new Sums();
    addOrders(sums, evidence, convicted);
    addBooks(sums, evidence, convicted);
    addLedger(sums, evidence, convicted);
    return { rows: sums.rows, counterExamples: sums.faults() };
  },
};

/** Two sums that must be equal: what others say it should be, and what it is. */
interface Pair {
  due: bigint;
  found: bigint;
}

class Sums {
  readonly #pairs = new Map<string, Pair>();
  rows = 0;

  due(what: string, amount: bigint): void {
    this.#pair(what).due += amount;
  }

  found(what: string, amount: bigint): void {
    this.#pair(what).found += amount;
  }

  faults(): CounterExample[] {
    return [...this.#pairs]
      .filter(([, { due, found }]) => due !== found)
      .map(([what, { due, found }]) => ({ what: `${what}: ${due} are due, ${found} are there` }));
  }

  #pair(what: string): Pair {
    const pair = this.#pairs.get(what) ?? { due: 0n, found: 0n };
    this.#pairs.set(what, pair);
    return pair;
  }
}

const PAID = ['paid', 'booked', 'refunded'];

type Add = (sums: Sums, evidence: Evidence, convicted: Convicted) => void;

/** Debits are above zero, credits below. */
const addOrders: Add = (sums, { orders }, convicted) => {
  for (const { id, status, total, tax, currency } of orders.orders) {
    sums.rows++;
    if (convicted.has(id)) continue;
    if (!PAID.includes(status)) continue;
    sums.due(`${currency} charged`, total);
    sums.due(`${currency} sales-revenue by charges`, tax - total);
    sums.due(`${currency} vat-payable by charges`, -tax);
    if (status !== 'refunded') continue;
    sums.due(`${currency} returned`, total);
    sums.due(`${currency} sales-revenue by refunds`, total - tax);
    sums.due(`${currency} vat-payable by refunds`, tax);
  }
};

const addBooks: Add = (sums, { gateway }, convicted) => {
  const { charges, refunds } = gateway.books;
  for (const { orderId, status, amount, currency, fee } of charges) {
    if (status !== 'succeeded' || convicted.has(orderId ?? '')) continue;
    sums.rows++;
    sums.found(`${currency} charged`, amount);
    sums.due(`${currency} gateway-receivable by charges`, amount - (fee ?? 0n));
    sums.due(`${currency} gateway-fees by charges`, fee ?? 0n);
  }
  for (const { orderId, status, amount, currency } of refunds) {
    if (status !== 'succeeded' || convicted.has(orderId ?? '')) continue;
    sums.rows++;
    sums.found(`${currency} returned`, amount);
    sums.due(`${currency} gateway-receivable by refunds`, -amount);
  }
};

const addLedger: Add = (sums, { ledger }, convicted) => {
  for (const { entry: text } of ledger.entries) {
    const entry = parseEntry(text);
    if (!entry || convicted.has(entry.orderId)) continue;
    sums.rows++;
    const by = entry.kind === 'refund' ? 'refunds' : 'charges';
    for (const leg of entry.legs) {
      const amount = leg.direction === 'debit' ? unitsOf(leg) : -unitsOf(leg);
      sums.found(`${entry.currency} ${leg.account} by ${by}`, amount);
    }
  }
};
