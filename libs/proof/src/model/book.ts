import { chargeTransactionId, refundTransactionId, type Payload } from '@checkout/events';
import { minorUnits } from '@checkout/money';
import type { AnySeen } from '../log-view.js';
import { owe, type Owed } from './output.js';

type Input = AnySeen<
  'PaymentSucceeded' | 'PaymentDeclined' | 'PaymentCancelled' | 'PaymentRefunded'
>;
export type Entry = Payload<'LedgerEntry'>;
type Leg = Entry['legs'][number];

/** The entry that a payment's event calls for; null when no money has moved. */
export function entryOf({ type, payload }: Input): Entry | null {
  switch (type) {
    case 'PaymentSucceeded': {
      const { orderId, amount, fee, tax } = payload;
      const [charged, kept, owed] = [minorUnits(amount), minorUnits(fee), minorUnits(tax)];
      return entry(payload, {
        transactionId: chargeTransactionId(orderId),
        kind: 'charge',
        legs: [
          leg('gateway-receivable', 'debit', charged - kept),
          leg('gateway-fees', 'debit', kept),
          leg('sales-revenue', 'credit', charged - owed),
          leg('vat-payable', 'credit', owed),
        ],
      });
    }
    case 'PaymentRefunded': {
      const { orderId, amount, tax, refund } = payload;
      const [returned, owed] = [minorUnits(amount), minorUnits(tax)];
      return entry(payload, {
        transactionId: refundTransactionId(orderId, refund),
        kind: 'refund',
        legs: [
          leg('sales-revenue', 'debit', returned - owed),
          leg('vat-payable', 'debit', owed),
          leg('gateway-receivable', 'credit', returned),
        ],
      });
    }
    case 'PaymentDeclined':
    case 'PaymentCancelled':
      return null;
  }
}

function entry(
  source: Pick<Entry, 'orderId' | 'gatewayReference' | 'occurredAt'> & {
    readonly amount: { readonly currency: string };
  },
  { transactionId, kind, legs }: Pick<Entry, 'transactionId' | 'kind' | 'legs'>,
): Entry {
  const { orderId, gatewayReference, occurredAt, amount } = source;
  const moved = legs.filter((one) => one.amount !== '0');
  const { currency } = amount;
  return { transactionId, orderId, kind, currency, legs: moved, gatewayReference, occurredAt };
}

function leg(account: string, direction: Leg['direction'], amount: bigint): Leg {
  return { account, direction, amount: amount.toString() };
}

/** An entry is written once, however often its event comes. */
export class BookModel {
  readonly #booked = new Set<string>();

  answer(event: Input): Owed[] {
    const entry = entryOf(event);
    if (!entry || this.#booked.has(entry.transactionId)) return [];
    this.#booked.add(entry.transactionId);
    const { transactionId: key } = entry;
    return [owe(event.id, { topic: 'ledger', type: 'LedgerEntry', key, payload: entry })];
  }
}
