import { expect, it } from 'vitest';
import { emitted, event, numbered, order } from '../testing/given.js';
import { closePayment } from './close-payment.handler.js';

const { orderId, customerId, lines, total, tax } = order({
  orderId: numbered(3),
  lines: [{ sku: 'tea-pot', quantity: 1 }],
});
const occurredAt = '2026-11-23T12:00:05.000Z';
const payment = { orderId, customerId, lines, amount: total, gatewayReference: 'pi_1', occurredAt };

it.each([
  [
    'declined',
    event('PaymentDeclined', { ...payment, attempt: 1, declineCode: 'card_declined' }),
  ] as const,
  ['cancelled', event('PaymentCancelled', payment)] as const,
  ['refunded', event('PaymentRefunded', { ...payment, refund: 1, tax })] as const,
])('a payment that was %s is told to the join, with the time at which it was', (outcome, end) => {
  expect(emitted(closePayment(end))).toMatchObject([
    { type: 'PaymentClosed', causationId: end.id, payload: { orderId, outcome, occurredAt } },
  ]);
});
