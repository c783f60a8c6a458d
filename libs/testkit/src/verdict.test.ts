import { describe, expect, it } from 'vitest';
import { verdict, type Charge, type Evidence, type LedgerEntry, type OrderRow } from './verdict.js';

const order = (id: string, status: string): OrderRow => ({
  id,
  status,
  amount: 4200n,
  currency: 'EUR',
});
const charge = (orderId: string | null, over: Partial<Charge> = {}): Charge => ({
  id: `ch_${orderId}`,
  orderId,
  status: 'succeeded',
  amount: 4200n,
  currency: 'EUR',
  ...over,
});
const leg = (direction: 'debit' | 'credit', amount: bigint) => ({
  account: 'a',
  direction,
  amount,
});
const entry = (orderId: string, over: Partial<LedgerEntry> = {}): LedgerEntry => ({
  transactionId: `tx_${orderId}`,
  orderId,
  kind: 'charge',
  currency: 'EUR',
  legs: [leg('debit', 4200n), leg('credit', 3500n), leg('credit', 700n)],
  ...over,
});
const good: Evidence = {
  orders: [order('1', 'booked'), order('2', 'payment_failed'), order('3', 'rejected')],
  charges: [charge('1'), charge('2', { id: 'ch_declined', status: 'failed' })],
  entries: [entry('1')],
};

describe('the verdict', () => {
  it('holds when each order is final and charged and booked once or not at all', () => {
    expect(verdict(good)).toEqual({
      orders: 3,
      byStatus: { booked: 1, payment_failed: 1, rejected: 1 },
      charges: 1,
      entries: 1,
      violations: [],
    });
  });

  it('is refused when there is nothing to judge', () => {
    expect(() => verdict({ ...good, orders: [] })).toThrow('nothing was judged');
  });

  const planted: readonly [string, Partial<Evidence>, RegExp][] = [
    ['an order that is stuck', { orders: [order('1', 'paid')] }, /^1 is not final: paid/],
    ['an order that was promised and lost', { accepted: ['1', '7'] }, /^7 was accepted and is not/],
    ['a lost charge', { charges: [] }, /^1 is booked, with 0 charges instead of 1/],
    [
      'a second charge',
      { charges: [...good.charges, charge('1', { id: 'ch_again' })] },
      /^1 .* 2 charges instead of 1 ch_1, ch_again/,
    ],
    [
      'a charge for an order that was not paid',
      { charges: [...good.charges, charge('2')] },
      /^2 is payment_failed, with 1 charges instead of 0/,
    ],
    [
      'two charges whose sum is right',
      { charges: [charge('1', { amount: 2100n }), charge('1', { id: 'x', amount: 2100n })] },
      /^1 .* 2 charges instead of 1/,
    ],
    [
      'a charge of another amount',
      { charges: [charge('1', { amount: 4201n })] },
      /^1 ch_1 is 4201 EUR, not 4200 EUR/,
    ],
    [
      'a charge in another currency',
      { charges: [charge('1', { currency: 'USD' })] },
      /^1 ch_1 is 4200 USD/,
    ],
    ['a charge without an order', { charges: [...good.charges, charge('9')] }, /^9 .*no order/],
    [
      'a charge that names no order',
      { charges: [...good.charges, charge(null)] },
      /^none .*no order/,
    ],
    ['a lost ledger entry', { entries: [] }, /^1 .* 0 ledger entries instead of 1/],
    [
      'a second ledger entry',
      { entries: [entry('1'), entry('1', { transactionId: 'tx_again' })] },
      /^1 .* 2 ledger entries instead of 1/,
    ],
    [
      'an entry for an order that was not paid',
      { entries: [entry('1'), entry('3')] },
      /^3 is rejected, with 1 ledger entries instead of 0/,
    ],
    [
      'an entry of another amount',
      { entries: [entry('1', { legs: [leg('debit', 42n), leg('credit', 42n)] })] },
      /^1 entry tx_1 is 42 EUR/,
    ],
    [
      'an entry out of balance',
      { entries: [entry('1', { legs: [leg('debit', 4200n), leg('credit', 4199n)] })] },
      /^1 entry tx_1 is out of balance: 4200 against 4199/,
    ],
    [
      'an entry without an order',
      { entries: [entry('1'), entry('9')] },
      /^9 entry tx_9 belongs to no order/,
    ],
  ];
  it.each(planted)('convicts %s', (_name, change, expected) => {
    const { violations } = verdict({ ...good, ...change });
    expect(violations.map(({ orderId, what }) => `${orderId} ${what}`)).toContainEqual(
      expect.stringMatching(expected),
    );
  });
});
