import type { Decision, State } from '@checkout/eos';
import { eventId, readEvent, type DomainEvent, type Payload } from '@checkout/events';
import { describe, expect, it } from 'vitest';
import { bookPayment } from './book-payment.handler.js';
import { ORDER, payment, TRANSACTION } from './testing/payment.js';

const paidId = eventId(ORDER, 'PaymentSucceeded', '1');

function paid(change: Partial<Payload<'PaymentSucceeded'>> = {}): DomainEvent<'PaymentSucceeded'> {
  const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  return {
    id: paidId,
    type: 'PaymentSucceeded',
    causationId: ORDER,
    traceparent: trace,
    payload: payment(change),
  };
}

/** Books payments one after the other; says of each what came of it. */
function book(...payments: DomainEvent<'PaymentSucceeded'>[]): string[] {
  const rows = new Map<string, unknown>();
  const state: State = { get: <V>(_store: unknown, key: string) => rows.get(key) as V | undefined };
  return payments.map((one) => {
    const decision = bookPayment(one, state);
    if ('kind' in decision) return `${decision.kind}: ${decision.reason}`;
    for (const effect of decision) if (effect.kind === 'put') rows.set(effect.key, effect.value);
    return `booked ${emitted(decision)?.key}`;
  });
}

function emitted(decision: Decision) {
  if ('kind' in decision) return undefined;
  return decision.flatMap((effect) => (effect.kind === 'emit' ? [effect.record] : []))[0];
}

describe('book payment', () => {
  it('books a charge under the transaction id of its order', () => {
    const record = emitted(bookPayment(paid(), { get: () => undefined }));

    expect(record).toMatchObject({ topic: 'ledger', key: TRANSACTION });
    expect(readEvent(record!, 'LedgerEntry')).toMatchObject({
      id: eventId(paidId, 'LedgerEntry'),
      causationId: paidId,
      traceparent: paid().traceparent,
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
