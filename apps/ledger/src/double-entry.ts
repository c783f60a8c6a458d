import { chargeTransactionId, type Payload } from '@checkout/events';
import { minorUnits } from '@checkout/money';

/**
 * One payment as one double entry.
 *
 * Guarantee: debits equal credits, every leg is above zero, all in one currency; what cannot be
 * such an entry is refused with a reason and never written. Every field comes from the payment: the
 * same payment gives the same bytes, today and in a year.
 *
 *   debit  gateway-receivable   amount - fee    what the gateway will pay out
 *   debit  gateway-fees         fee             what it keeps
 *   credit sales-revenue        amount - tax    what we have earned
 *   credit vat-payable          tax             what we owe the state
 *
 * All legs are in one record, because the topic is compacted: a record per leg would lose all but
 * the last.
 */
export type Entry = Payload<'LedgerEntry'>;
export type Leg = Entry['legs'][number];
export type Booking =
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'refused'; readonly reason: string };

export function bookCharge(payment: Payload<'PaymentSucceeded'>): Booking {
  const { orderId, amount, fee, tax, gatewayReference, occurredAt } = payment;
  const currencies = new Set([amount.currency, fee.currency, tax.currency]);
  if (currencies.size > 1) return refused(`currencies differ: ${[...currencies].join(', ')}`);

  const [charged, kept, owed] = [minorUnits(amount), minorUnits(fee), minorUnits(tax)];
  const legs = [
    leg('gateway-receivable', 'debit', charged - kept),
    leg('gateway-fees', 'debit', kept),
    leg('sales-revenue', 'credit', charged - owed),
    leg('vat-payable', 'credit', owed),
  ].filter(({ amount }) => amount !== '0');

  const fault = faultOf(legs);
  if (fault) return refused(fault);
  return {
    kind: 'entry',
    entry: {
      transactionId: chargeTransactionId(orderId),
      orderId,
      kind: 'charge',
      currency: amount.currency,
      legs,
      gatewayReference,
      occurredAt,
    },
  };
}

/** What is wrong with the legs of an entry, or undefined. */
export function faultOf(legs: readonly Leg[]): string | undefined {
  if (legs.length < 2) return 'an entry has at least two legs';
  const below = legs.find(({ amount }) => BigInt(amount) <= 0n);
  if (below) return `${below.account} would be ${below.direction}ed ${below.amount}`;
  const debits = total(legs, 'debit');
  const credits = total(legs, 'credit');
  return debits === credits ? undefined : `debits are ${debits}, credits are ${credits}`;
}

function leg(account: string, direction: Leg['direction'], amount: bigint): Leg {
  return { account, direction, amount: amount.toString() };
}

function total(legs: readonly Leg[], direction: Leg['direction']): bigint {
  return legs
    .filter((one) => one.direction === direction)
    .reduce((sum, { amount }) => sum + BigInt(amount), 0n);
}

function refused(reason: string): Booking {
  return { kind: 'refused', reason };
}
