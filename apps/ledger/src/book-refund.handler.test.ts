import type { State } from '@checkout/eos';
import { eventId, readEvent, refundTransactionId } from '@checkout/events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  book,
  cancelled,
  decide,
  declined,
  emitted,
  paid,
  refunded,
  TRACE,
} from './testing/books.js';
import type { PaymentEvent } from './book.stage.js';
import { ORDER, REFUND, TRANSACTION } from './testing/payment.js';

/** A charge whose row was written before there were refunds: it does not say how much. */
const oldCharge: State = {
  get: <V>(_store: unknown, key: string) =>
    key === TRANSACTION ? ({ sha256: 'of the charge' } as V) : undefined,
};

describe('book refund', () => {
  it('books a refund under an id of its own, and the charge stays', () => {
    expect(book(paid(), refunded())).toEqual([`booked ${TRANSACTION}`, `booked ${REFUND}`]);
  });

  it('names the refund as the cause', () => {
    expect(readEvent(emitted(decide(refunded(), oldCharge))!, 'LedgerEntry')).toMatchObject({
      id: eventId(refunded().id, 'LedgerEntry'),
      causationId: refunded().id,
      traceparent: TRACE,
      payload: { transactionId: REFUND, orderId: ORDER, kind: 'refund' },
    });
  });

  it('books it once, whatever is redelivered, of the refund or of the charge', () => {
    expect(book(paid(), refunded(), refunded(), paid(), refunded())).toEqual([
      `booked ${TRANSACTION}`,
      `booked ${REFUND}`,
      'skip: already booked',
      'skip: already booked',
      'skip: already booked',
    ]);
  });

  it('raises an alarm when a refund comes with other content', () => {
    const other = refunded({ gatewayReference: 're_2' });
    expect(book(paid(), refunded(), other, refunded())).toEqual([
      `booked ${TRANSACTION}`,
      `booked ${REFUND}`,
      `park: ALARM: ${REFUND} is booked with other content`,
      'skip: already booked',
    ]);
  });

  it('raises an alarm when more would go back than was charged, under any number', () => {
    expect(book(paid(), refunded(), refunded({ refund: 2 }))[2]).toBe(
      'park: ALARM: 8400 would have gone back of 4200 charged',
    );
    const half = { amount: { amount: '2100', currency: 'EUR' } };
    expect(book(paid(), refunded(half), refunded({ refund: 2, ...half }))).toEqual([
      `booked ${TRANSACTION}`,
      `booked ${REFUND}`,
      `booked ${refundTransactionId(ORDER, 2)}`,
    ]);
  });

  it('parks the return of a charge that is not booked, and books it when it comes again', () => {
    expect(book(refunded(), paid(), refunded())).toEqual([
      `park: ALARM: the charge ${TRANSACTION} is not booked`,
      `booked ${TRANSACTION}`,
      `booked ${REFUND}`,
    ]);
  });

  it('parks what would not balance', () => {
    expect(book(paid(), refunded({ tax: { amount: '4201', currency: 'EUR' } }))[1]).toBe(
      'park: cannot be booked: sales-revenue would be debited -1',
    );
  });

  it('never books an id twice, nor more back than was charged, whatever comes how often', () => {
    const events: PaymentEvent[] = [
      paid(),
      paid({ attempt: 2 }),
      paid({ occurredAt: '2026-11-23T12:05:00.000Z' }),
      refunded(),
      refunded({ refund: 2 }),
      refunded({ gatewayReference: 're_9' }),
      declined,
      cancelled,
    ];
    const charge = `booked ${TRANSACTION}`;
    let reversed = 0;

    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 30 }), (arrived) => {
        const booked = book(...arrived).filter((said) => said.startsWith('booked'));
        const isPaid = arrived.some(({ type }) => type === 'PaymentSucceeded');
        expect(booked.filter((said) => said === charge)).toHaveLength(isPaid ? 1 : 0);
        const refunds = booked.filter((said) => said !== charge);
        expect(refunds.length).toBeLessThanOrEqual(isPaid ? 1 : 0);
        reversed += refunds.length;
      }),
      { numRuns: 500 },
    );
    expect(reversed, 'nothing was refunded: nothing was tested').toBeGreaterThan(0);
  });
});
