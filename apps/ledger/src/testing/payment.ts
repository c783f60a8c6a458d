import { chargeTransactionId, refundTransactionId, type Payload } from '@checkout/events';

export const ORDER = '0192f0c1-0000-7000-8000-000000000001';
export const TRANSACTION = chargeTransactionId(ORDER);
export const REFUND = refundTransactionId(ORDER, 1);

const euro = (amount: string) => ({ amount, currency: 'EUR' });

/** Two espresso cups: 42.00 EUR, of which the gateway keeps 1.47 and 6.71 are tax. */
export function payment(
  change: Partial<Payload<'PaymentSucceeded'>> = {},
): Payload<'PaymentSucceeded'> {
  return {
    orderId: ORDER,
    customerId: '0192f0c1-0000-7000-8000-00000000c001',
    attempt: 1,
    amount: euro('4200'),
    fee: euro('147'),
    tax: euro('671'),
    lines: [{ lineNumber: 1, sku: 'espresso-cup', quantity: 2, unitPrice: euro('2100') }],
    gatewayReference: 'pi_1',
    occurredAt: '2026-11-23T12:00:03.000Z',
    ...change,
  };
}

/** The same cups came back: all of it is returned. */
export function refund(
  change: Partial<Payload<'PaymentRefunded'>> = {},
): Payload<'PaymentRefunded'> {
  const { orderId, customerId, amount, tax, lines } = payment();
  return {
    orderId,
    customerId,
    amount,
    tax,
    lines,
    refund: 1,
    gatewayReference: 're_1',
    occurredAt: '2026-11-23T12:10:00.000Z',
    ...change,
  };
}
