import { describe, expect, it } from 'vitest';
import { verdict, type Charge, type Evidence, type LedgerEntry, type OrderRow } from './verdict.js';

const order = (id: string, status: string, cancelRequested = false): OrderRow => ({
  id,
  status,
  cancelRequested,
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
const leg = (direction: 'debit' | 'credit', amount: bigint, account = 'a') => ({
  account,
  direction,
  amount,
});
const entry = (orderId: string, over: Partial<LedgerEntry> = {}): LedgerEntry => ({
  transactionId: `tx_${orderId}`,
  orderId,
  kind: 'charge',
  currency: 'EUR',
  legs: [leg('debit', 4200n), leg('credit', 3500n), leg('credit', 700n, 'vat')],
  ...over,
});
const refund = (orderId: string | null, over: Partial<Charge> = {}): Charge =>
  charge(orderId, { id: `re_${orderId}`, ...over });
const reversal = (orderId: string, over: Partial<LedgerEntry> = {}): LedgerEntry => ({
  ...entry(orderId),
  transactionId: `tx_re_${orderId}`,
  kind: 'refund',
  legs: [leg('debit', 3500n), leg('debit', 700n, 'vat'), leg('credit', 4200n, 'gateway')],
  ...over,
});
const good: Evidence = {
  orders: [
    order('1', 'booked'),
    order('2', 'payment_failed'),
    order('3', 'rejected', true),
    order('4', 'cancelled', true),
    order('5', 'refunded', true),
  ],
  charges: [charge('1'), charge('2', { id: 'ch_declined', status: 'failed' }), charge('5')],
  refunds: [refund('5')],
  entries: [entry('1'), entry('5'), reversal('5')],
};
const { charges, refunds, entries } = good;
const swap = <T>(list: readonly T[], old: T, ...by: T[]): T[] =>
  list.flatMap((one) => (JSON.stringify(one, text) === JSON.stringify(old, text) ? by : [one]));
const text = (_key: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value);

describe('the verdict', () => {
  it('holds when each order is final and charged and booked once or not at all', () => {
    expect(verdict(good)).toEqual({
      orders: 5,
      byStatus: { booked: 1, payment_failed: 1, rejected: 1, cancelled: 1, refunded: 1 },
      charges: 2,
      refunds: 1,
      entries: 3,
      violations: [],
    });
  });

  it('is refused when there is nothing to judge', () => {
    expect(() => verdict({ ...good, orders: [] })).toThrow('nothing was judged');
  });

  const planted: readonly [string, Partial<Evidence>, RegExp][] = [
    ['an order that is stuck', { orders: [order('1', 'paid')] }, /^1 is not final: paid/],
    ['an order that was promised and lost', { accepted: ['1', '7'] }, /^7 was accepted and is not/],
    ['a lost charge', { charges: swap(charges, charge('1')) }, /^1 is booked, with 0 charges/],
    [
      'a second charge',
      { charges: [...charges, charge('1', { id: 'ch_again' })] },
      /^1 .* 2 charges instead of 1 ch_1, ch_again/,
    ],
    [
      'a charge for an order that was not paid',
      { charges: [...charges, charge('2')] },
      /^2 is payment_failed, with 1 charges instead of 0/,
    ],
    [
      'a charge for an order that was cancelled',
      { charges: [...charges, charge('4')] },
      /^4 is cancelled, with 1 charges instead of 0/,
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
    ['a charge without an order', { charges: [...charges, charge('9')] }, /^9 charge .*no order/],
    ['a charge that names no order', { charges: [...charges, charge(null)] }, /^none .*no order/],
    ['a refund that never came', { refunds: [] }, /^5 is refunded, with 0 refunds instead of 1/],
    [
      'a second refund',
      { refunds: [...refunds, refund('5', { id: 're_again' })] },
      /^5 .* 2 refunds instead of 1 re_5, re_again/,
    ],
    [
      'a refund of an order that stays booked',
      { refunds: [...refunds, refund('1')] },
      /^1 is booked, with 1 refunds instead of 0/,
    ],
    [
      'a refund of a part',
      { refunds: [refund('5', { amount: 4100n })] },
      /^5 re_5 is 4100 EUR, not 4200 EUR/,
    ],
    ['a refund that failed', { refunds: [refund('5', { status: 'failed' })] }, /^5 re_5 is failed/],
    ['a refund without an order', { refunds: [...refunds, refund('9')] }, /^9 refund .*no order/],
    [
      'a wish that came to nothing',
      { orders: [order('1', 'booked', true)] },
      /^1 is booked, and was to be cancelled/,
    ],
    [
      'an order that was cancelled by nobody',
      { orders: [order('4', 'cancelled')] },
      /^4 is cancelled, and nobody asked/,
    ],
    [
      'a lost ledger entry',
      { entries: swap(entries, entry('1')) },
      /^1 .* 0 ledger entries of a charge instead of 1/,
    ],
    [
      'a second ledger entry',
      { entries: [...entries, entry('1', { transactionId: 'tx_again' })] },
      /^1 .* 2 ledger entries of a charge instead of 1/,
    ],
    [
      'an entry for an order that was not paid',
      { entries: [...entries, entry('3')] },
      /^3 is rejected, with 1 ledger entries of a charge instead of 0/,
    ],
    [
      'an entry of another kind',
      { entries: [...entries, entry('1', { transactionId: 'tx_fee', kind: 'fee' })] },
      /^1 .* 1 ledger entries of another kind instead of 0 tx_fee/,
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
      { entries: [...entries, entry('9')] },
      /^9 entry tx_9 .*no order/,
    ],
    [
      'a reversal that was not booked',
      { entries: swap(entries, reversal('5')) },
      /^5 .* 0 ledger entries of a refund instead of 1/,
    ],
    [
      'a reversal that takes back something else',
      {
        entries: swap(
          entries,
          reversal('5'),
          reversal('5', { legs: [leg('debit', 4200n), leg('credit', 4200n, 'gateway')] }),
        ),
      },
      /^5 entry tx_re_5 takes back a 4200 of a 3500, vat 700/,
    ],
  ];
  it.each(planted)('convicts %s', (_name, change, expected) => {
    const { violations } = verdict({ ...good, ...change });
    expect(violations.map(({ orderId, what }) => `${orderId} ${what}`)).toContainEqual(
      expect.stringMatching(expected),
    );
  });
});
