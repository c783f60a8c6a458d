import { expect, it } from 'vitest';
import { emitted, event, numbered, order } from '../testing/given.js';
import { closePayment } from './close-payment.handler.js';

it('a declined payment is told to the join, with the time of the decline', () => {
  const { orderId, customerId, lines, total } = order({
    orderId: numbered(3),
    lines: [{ sku: 'tea-pot', quantity: 1 }],
  });
  const declined = event('PaymentDeclined', {
    orderId,
    customerId,
    lines,
    attempt: 1,
    amount: total,
    declineCode: 'card_declined',
    gatewayReference: 'pi_1',
    occurredAt: '2026-11-23T12:00:05.000Z',
  });

  expect(emitted(closePayment(declined))).toMatchObject([
    {
      type: 'PaymentClosed',
      causationId: declined.id,
      payload: { orderId, outcome: 'declined', occurredAt: '2026-11-23T12:00:05.000Z' },
    },
  ]);
});
