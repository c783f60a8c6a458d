import { chargeTransactionId, refundTransactionId, type Payload } from '@checkout/events';
import { minorUnits, type Money } from '@checkout/money';

/**
 * One payment, or one refund, as one double entry.
 *
 * Guarantee: debits equal credits, every leg is above zero, all in one currency; what cannot be
 * such an entry is refused with a reason and never written. Every field comes from the event: the
 * same event gives the same bytes, today and in a year.
 *
 *   charge                                        refund
 *   debit  gateway-receivable   amount - fee      credit gateway-receivable   amount
 *   debit  gateway-fees         fee                      (the gateway keeps its fee)
 *   credit sales-revenue        amount - tax      debit  sales-revenue        amount - tax
 *   credit vat-payable          tax               debit  vat-payable          tax
 *
 * Receivable is what the gateway will pay out, revenue what we have earned, VAT what we owe the
 * state. After a refund we have earned nothing and owe nothing, and the fee is our loss.
 *
 * All legs are in one record, because the topic is compacted: a record per leg would lose all but
 * the last. History is never corrected: a refund is an entry of its own, under an id of its own.
 */
export type Entry = Payload<'LedgerEntry'>;
export type Leg = Entry['legs'][number];
export type Booking =
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'refused'; readonly reason: string };

export function bookCharge(payment: Payload<'PaymentSucceeded'>): Booking {
  const { orderId, amount, fee, tax } = payment;
  const [charged, kept, owed] = [minorUnits(amount), minorUnits(fee), minorUnits(tax)];
  return booking(payment, {
    transactionId: chargeTransactionId(orderId),
    kind: 'charge',
    monies: [amount, fee, tax],
    legs: [
      leg('gateway-receivable', 'debit', charged - kept),
      leg('gateway-fees', 'debit', kept),
      leg('sales-revenue', 'credit', charged - owed),
      leg('vat-payable', 'credit', owed),
    ],
  });
}

export function reverseCharge(refund: Payload<'PaymentRefunded'>): Booking {
  const { orderId, amount, tax } = refund;
  const [returned, owed] = [minorUnits(amount), minorUnits(tax)];
  return booking(refund, {
    transactionId: refundTransactionId(orderId, refund.refund),
    kind: 'refund',
    monies: [amount, tax],
    legs: [
      leg('sales-revenue', 'debit', returned - owed),
      leg('vat-payable', 'debit', owed),
      leg('gateway-receivable', 'credit', returned),
    ],
  });
}

interface Draft extends Pick<Entry, 'transactionId' | 'kind' | 'legs'> {
  readonly monies: readonly Money[];
}
type Source = Pick<Entry, 'orderId' | 'gatewayReference' | 'occurredAt'> & {
  readonly amount: Money;
};

function booking(source: Source, { transactionId, kind, monies, legs: drafted }: Draft): Booking {
  const { orderId, amount, gatewayReference, occurredAt } = source;
  const currencies = new Set(monies.map(({ currency }) => currency));
  if (currencies.size > 1) return refused(`currencies differ: ${[...currencies].join(', ')}`);

  const legs = drafted.filter((one) => one.amount !== '0');
  const fault = faultOf(legs);
  if (fault) return refused(fault);
  const { currency } = amount;
  const entry = { transactionId, orderId, kind, currency, legs, gatewayReference, occurredAt };
  return { kind: 'entry', entry };
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
