import { eventId, readEvent } from '@checkout/events';
import { describe, expect, it } from 'vitest';
import { book, decide, emitted, paid, TRACE } from './testing/books.js';
import { ORDER, TRANSACTION } from './testing/payment.js';

describe('book payment', () => {
  it('books a charge under the transaction id of its order', () => {
    const record = emitted(decide(paid(), { get: () => undefined }));

    expect(record).toMatchObject({ topic: 'ledger', key: TRANSACTION });
    expect(readEvent(record!, 'LedgerEntry')).toMatchObject({
      id: eventId(paid().id, 'LedgerEntry'),
      causationId: paid().id,
      traceparent: TRACE,
      payload: { transactionId: TRANSACTION, orderId: ORDER },
    });
  });

  it('books it once, whatever is redelivered', () => {
    expect(book(paid(), paid(), paid())).toEqual([
      `booked ${TRANSACTION}`,
      'skip: already booked',
      'skip: already booked',
    ]);
  });

  it('raises an alarm when an order is charged twice, and leaves the books as they are', () => {
    const second = paid({ attempt: 2, occurredAt: '2026-11-23T12:05:00.000Z' });
    expect(book(paid(), second, paid())).toEqual([
      `booked ${TRANSACTION}`,
      `park: ALARM: ${TRANSACTION} is booked with other content`,
      'skip: already booked',
    ]);
  });

  it('parks what would not balance', () => {
    expect(book(paid({ fee: { amount: '4201', currency: 'EUR' } }))).toEqual([
      'park: cannot be booked: gateway-receivable would be debited -1',
    ]);
  });
});
