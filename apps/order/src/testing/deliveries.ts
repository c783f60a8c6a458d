import type { Delivery } from '@checkout/eos';
import {
  type AnyEvent,
  chargeTransactionId,
  eventId,
  type EventType,
  type Payload,
  refundTransactionId,
  topics,
} from '@checkout/events';

/**
 * What the other services say of an order, as it is delivered to this one, and when it happened. A
 * stage without a clock names the time of its cause, and the broker's record has its own; a payment
 * names its own time, and its record comes later.
 */
export type Say = (orderId: string, happenedAt?: string) => Delivery<AnyEvent>;

const CUSTOMER = '0190a6b2-6f00-7000-8000-0000000000aa';
const euro = (amount: string) => ({ amount, currency: 'EUR' });
const line = { lineNumber: 1, sku: 'espresso-cup', quantity: 2, unitPrice: euro('2100') };

let nextOffset = 0n;
export function delivery<T extends EventType>(
  topic: string,
  type: T,
  { id, payload, writtenAt }: { id: string; payload: Payload<T>; writtenAt: string },
): Delivery<AnyEvent> {
  nextOffset += 1n;
  const event = { id, type, causationId: id, traceparent: '', payload } as AnyEvent;
  const record = {
    topic,
    partition: 0,
    offset: nextOffset,
    key: id,
    timestamp: Date.parse(writtenAt),
  };
  return { event, record: { ...record, headers: {}, value: Buffer.from(JSON.stringify(payload)) } };
}

/** Later than any order that a test places. */
export const at = (second: number): string => `2126-11-24T12:00:0${second}.000Z`;

const PLACED_AT = at(0);

export const approved: Say = (orderId, writtenAt = at(1)) =>
  delivery(topics.ordersApproved.name, 'OrderApproved', {
    id: eventId(orderId, 'OrderApproved'),
    writtenAt,
    payload: {
      orderId,
      customerId: CUSTOMER,
      lines: [line],
      total: euro('4200'),
      tax: euro('671'),
      paymentMethod: 'pm_card_visa',
      occurredAt: PLACED_AT,
      fraud: { ordersInWindow: 1 },
    },
  });

export const rejected: Say = (orderId, writtenAt = at(1)) =>
  delivery(topics.ordersRejected.name, 'OrderRejected', {
    id: eventId(orderId, 'OrderRejected'),
    writtenAt,
    payload: {
      orderId,
      customerId: CUSTOMER,
      reasons: [{ code: 'out-of-stock', text: 'The last limited-print was sold a moment ago.' }],
      occurredAt: PLACED_AT,
    },
  });

/** Change data capture publishes a payment's event when it gets there. */
const publishedAfter = (occurredAt: string): string =>
  new Date(Date.parse(occurredAt) + 700).toISOString();

const charged = (orderId: string, occurredAt: string) => ({
  orderId,
  customerId: CUSTOMER,
  amount: euro('4200'),
  lines: [line],
  gatewayReference: 'pi_1',
  occurredAt,
});

export const paid: Say = (orderId, occurredAt = at(2)) =>
  delivery(topics.outboxPayment.name, 'PaymentSucceeded', {
    id: eventId(orderId, 'PaymentSucceeded'),
    writtenAt: publishedAfter(occurredAt),
    payload: { ...charged(orderId, occurredAt), attempt: 1, fee: euro('0'), tax: euro('671') },
  });

export const declined: Say = (orderId, occurredAt = at(2)) =>
  delivery(topics.outboxPayment.name, 'PaymentDeclined', {
    id: eventId(orderId, 'PaymentDeclined'),
    writtenAt: publishedAfter(occurredAt),
    payload: {
      ...charged(orderId, occurredAt),
      attempt: 1,
      declineCode: 'insufficient_funds',
    },
  });

export const cancelled: Say = (orderId, occurredAt = at(2)) =>
  delivery(topics.outboxPayment.name, 'PaymentCancelled', {
    id: eventId(orderId, 'PaymentCancelled'),
    writtenAt: publishedAfter(occurredAt),
    payload: charged(orderId, occurredAt),
  });

/** The money went back; the status waits for the books. */
export const returned: Say = (orderId, occurredAt = at(4)) =>
  delivery(topics.outboxPayment.name, 'PaymentRefunded', {
    id: eventId(orderId, 'PaymentRefunded', '1'),
    writtenAt: publishedAfter(occurredAt),
    payload: { ...charged(orderId, occurredAt), refund: 1, tax: euro('671') },
  });

const entry = (
  kind: Payload<'LedgerEntry'>['kind'],
  orderId: string,
  { occurredAt, writtenAt }: { occurredAt: string; writtenAt: string },
) =>
  delivery(topics.ledger.name, 'LedgerEntry', {
    id: eventId(orderId, 'LedgerEntry', kind),
    writtenAt,
    payload: {
      transactionId:
        kind === 'refund' ? refundTransactionId(orderId, 1) : chargeTransactionId(orderId),
      orderId,
      kind,
      currency: 'EUR',
      legs: [
        { account: 'clearing', direction: 'debit', amount: '4200' },
        { account: 'revenue', direction: 'credit', amount: '4200' },
      ],
      gatewayReference: 'pi_1',
      occurredAt,
    },
  });

export const booked: Say = (orderId, writtenAt = at(3)) =>
  entry('charge', orderId, { occurredAt: at(2), writtenAt });
export const refunded: Say = (orderId, writtenAt = at(5)) =>
  entry('refund', orderId, { occurredAt: at(4), writtenAt });
export const feeBooked: Say = (orderId, writtenAt = at(3)) =>
  entry('fee', orderId, { occurredAt: at(2), writtenAt });
