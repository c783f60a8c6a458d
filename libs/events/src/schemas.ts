import { moneySchema } from '@checkout/money';
import { z } from 'zod';

/**
 * Every event of the system: one flat schema per type, which is validator, type and documentation.
 *
 * Readers ignore unknown fields (a newer producer may add some), so these are plain objects and not
 * strict ones. A breaking change is a new event type. `occurredAt` is the time of the business
 * fact, set once by the database that accepted it, and travels unchanged: event time never comes
 * from a consumer's clock. So what a stage decides (OrderApproved, OrderRejected, LedgerEntry, the
 * answers of enrichment) has the time of what caused it, and a stage that decides again says the
 * same bytes; when it was decided is the timestamp of its record, which the log keeps beside it.
 */
const occurredAt = z.iso.datetime({ precision: 3 });
const orderId = z.uuid();
/** JSON can say -0, which no store keeps: a reader that remembers it would end. */
const count = z
  .int()
  .min(0)
  .overwrite((value) => value + 0);
const quantity = z.int().min(1).max(1_000_000_000);
const sku = z.string().regex(/^[a-z0-9-]{1,64}$/);
const bucket = z.string().regex(/^[a-z0-9-]{1,64}\/\d{1,3}$/);
const lineNumber = z.int().min(1).max(50);
const orderLine = z.object({ lineNumber, sku, quantity, unitPrice: moneySchema });
const order = {
  orderId,
  customerId: z.uuid(),
  lines: z.array(orderLine).min(1).max(50),
  total: moneySchema,
  /** Value added tax contained in the total. */
  tax: moneySchema,
  paymentMethod: z.string().min(4).max(128),
  occurredAt,
};
const stockLine = { orderId, lineNumber, sku, bucket, quantity, occurredAt };
const charged = {
  orderId,
  customerId: z.uuid(),
  amount: moneySchema,
  lines: z.array(orderLine).min(1).max(50),
  occurredAt,
};
const payment = { ...charged, attempt: z.int().min(1) };

export const eventSchemas = {
  OrderPlaced: z.object(order),
  /** The customer's wish. Payment decides what becomes of it. */
  OrderCancelRequested: z.object({ orderId, customerId: z.uuid(), occurredAt }),
  /** Time-out as an event: an order that is still undecided when the join hears it is rejected. */
  OrderOverdue: z.object({ orderId, occurredAt }),
  StockAdded: z.object({ sku, quantity, reason: z.string(), occurredAt }),
  Canary: z.object({ source: z.string(), occurredAt }),

  StockReceived: z.object({ sku, bucket, quantity, occurredAt }),
  StockRequested: z.object(stockLine),
  StockReleaseRequested: z.object(stockLine),
  /** Its home wants back what this bucket was allotted. */
  StockRecalled: z.object({ sku, bucket, occurredAt }),
  /** What a bucket hands to its home, which `bucket` names; nothing is an answer, too. */
  StockReturned: z.object({
    sku,
    bucket,
    from: bucket,
    quantity: count,
    answersRecall: z.boolean(),
    occurredAt,
  }),

  FraudCheckRequested: z.object({
    orderId,
    customerId: z.uuid(),
    total: moneySchema,
    occurredAt,
  }),

  OrderOpened: z.object(order),
  StockReserved: z.object(stockLine),
  StockRefused: z.object({ ...stockLine, available: count }),
  FraudCleared: z.object({ orderId, ordersInWindow: count, occurredAt }),
  FraudRefused: z.object({
    orderId,
    ordersInWindow: count,
    reason: z.enum(['too-many-orders', 'amount-too-large']),
    occurredAt,
  }),
  CheckFailed: z.object({ orderId, stage: z.string(), reason: z.string(), occurredAt }),
  PaymentClosed: z.object({
    orderId,
    outcome: z.enum(['declined', 'cancelled', 'refunded']),
    occurredAt,
  }),

  StockLevelChanged: z.object({ sku, bucket, available: count, occurredAt }),

  OrderApproved: z.object({
    ...order,
    fraud: z.object({ ordersInWindow: count }),
  }),
  OrderRejected: z.object({
    orderId,
    /** Absent when the record that named the customer was the one that could not be read. */
    customerId: z.uuid().optional(),
    reasons: z
      .array(
        z.object({
          code: z.enum(['out-of-stock', 'fraud', 'check-failed']),
          /** In plain words, for the customer. */
          text: z.string(),
        }),
      )
      .min(1),
    occurredAt,
  }),

  PaymentSucceeded: z.object({
    ...payment,
    fee: moneySchema,
    tax: moneySchema,
    /** The gateway's id of the PaymentIntent. */
    gatewayReference: z.string(),
  }),
  PaymentDeclined: z.object({
    ...payment,
    declineCode: z.string(),
    gatewayReference: z.string(),
  }),
  /** Nothing was charged and nothing will be. */
  PaymentCancelled: z.object({
    ...charged,
    /** The gateway's id of the PaymentIntent; empty when none was made. */
    gatewayReference: z.string(),
  }),
  /** The whole amount went back. */
  PaymentRefunded: z.object({
    ...charged,
    /** Refunds of an order are numbered from 1. */
    refund: z.int().min(1),
    tax: moneySchema,
    /** The gateway's id of the refund. */
    gatewayReference: z.string(),
  }),

  LedgerEntry: z.object({
    transactionId: z.uuid(),
    orderId,
    kind: z.enum(['charge', 'refund', 'fee', 'adjustment']),
    currency: z.string(),
    /**
     * All legs of one double entry in one record: a compacted topic keeps only the last record per
     * key.
     */
    legs: z
      .array(
        z.object({
          account: z.string(),
          direction: z.enum(['debit', 'credit']),
          amount: z.string(),
        }),
      )
      .min(2),
    gatewayReference: z.string(),
    occurredAt,
  }),
} as const;

export type EventType = keyof typeof eventSchemas;
export type Payload<T extends EventType> = z.infer<(typeof eventSchemas)[T]>;
export type OrderLine = z.infer<typeof orderLine>;
