import fc, { type Arbitrary } from 'fast-check';
import type { EventType, Payload } from '../schemas.js';

/** Generated payloads for every event type, so that a test can say "for all". */
const occurredAt = fc
  .date({ min: new Date(0), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const orderId = fc.uuid();
const customerId = fc.uuid();
const quantity = fc.integer({ min: 1, max: 1_000_000_000 });
const count = fc.nat({ max: 1_000_000 });
const sku = fc.stringMatching(/^[a-z0-9-]{1,64}$/);
const bucket = fc.tuple(sku, fc.nat({ max: 999 })).map(([name, n]) => `${name}/${n}`);
const lineNumber = fc.integer({ min: 1, max: 50 });
const currency = fc.constantFrom('EUR', 'SEK', 'JPY');
const amount = fc.nat().map(String);
const money = fc.record({ amount, currency });
const text = fc.string({ minLength: 1, maxLength: 40 });
const line = fc.record({ lineNumber, sku, quantity, unitPrice: money });
const lines = fc.array(line, { minLength: 1, maxLength: 3 });
const order = {
  orderId,
  customerId,
  lines,
  total: money,
  tax: money,
  paymentMethod: fc.constantFrom('pm_card_visa', 'pm_card_visa_chargeDeclined'),
  occurredAt,
};
const stockLine = { orderId, lineNumber, sku, bucket, quantity, occurredAt };
const charged = { orderId, customerId, amount: money, lines, occurredAt };
const payment = { ...charged, attempt: fc.integer({ min: 1, max: 3 }) };
const reason = fc.record({
  code: fc.constantFrom('out-of-stock' as const, 'fraud' as const, 'check-failed' as const),
  text,
});
const leg = fc.record({
  account: text,
  direction: fc.constantFrom('debit' as const, 'credit' as const),
  amount,
});

export const payloads: { readonly [T in EventType]: Arbitrary<Payload<T>> } = {
  OrderPlaced: fc.record(order),
  OrderCancelRequested: fc.record({ orderId, customerId, occurredAt }),
  OrderOverdue: fc.record({ orderId, occurredAt }),
  StockAdded: fc.record({ sku, quantity, reason: text, occurredAt }),
  Canary: fc.record({ source: text, occurredAt }),
  StockReceived: fc.record({ sku, bucket, quantity, occurredAt }),
  StockRequested: fc.record(stockLine),
  StockReleaseRequested: fc.record(stockLine),
  FraudCheckRequested: fc.record({ orderId, customerId, total: money, occurredAt }),
  OrderOpened: fc.record(order),
  StockReserved: fc.record(stockLine),
  StockRefused: fc.record({ ...stockLine, available: count }),
  FraudCleared: fc.record({ orderId, ordersInWindow: count, occurredAt }),
  FraudRefused: fc.record({
    orderId,
    ordersInWindow: count,
    reason: fc.constantFrom('too-many-orders' as const, 'amount-too-large' as const),
    occurredAt,
  }),
  CheckFailed: fc.record({ orderId, stage: text, reason: text, occurredAt }),
  PaymentClosed: fc.record({
    orderId,
    outcome: fc.constantFrom('declined' as const, 'cancelled' as const, 'refunded' as const),
    occurredAt,
  }),
  StockRecalled: fc.record({ sku, bucket, occurredAt }),
  StockReturned: fc.record({
    ...{ sku, bucket, from: bucket, quantity: count },
    ...{ answersRecall: fc.boolean(), occurredAt },
  }),
  StockLevelChanged: fc.record({ sku, bucket, available: count, occurredAt }),
  OrderApproved: fc.record({ ...order, fraud: fc.record({ ordersInWindow: count }) }),
  OrderRejected: fc.record(
    { orderId, customerId, reasons: fc.array(reason, { minLength: 1, maxLength: 3 }), occurredAt },
    { requiredKeys: ['orderId', 'reasons', 'occurredAt'] },
  ),
  PaymentSucceeded: fc.record({ ...payment, fee: money, tax: money, gatewayReference: text }),
  PaymentDeclined: fc.record({ ...payment, declineCode: text, gatewayReference: text }),
  PaymentCancelled: fc.record({ ...charged, gatewayReference: fc.string({ maxLength: 40 }) }),
  PaymentRefunded: fc.record({
    ...charged,
    refund: fc.integer({ min: 1, max: 3 }),
    tax: money,
    gatewayReference: text,
  }),
  LedgerEntry: fc.record({
    transactionId: fc.uuid(),
    orderId,
    kind: fc.constantFrom(
      'charge' as const,
      'refund' as const,
      'fee' as const,
      'adjustment' as const,
    ),
    currency,
    legs: fc.array(leg, { minLength: 2, maxLength: 4 }),
    gatewayReference: text,
    occurredAt,
  }),
};
