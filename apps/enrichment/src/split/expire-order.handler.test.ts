import { expect, it } from 'vitest';
import { emitted, event, numbered } from '../testing/given.js';
import { expireOrder } from './expire-order.handler.js';

it('an overdue order is told to the join, with the time at which it was overdue', () => {
  const overdue = event('OrderOverdue', {
    orderId: numbered(3),
    occurredAt: '2026-11-23T12:01:00.000Z',
  });

  expect(emitted(expireOrder(overdue))).toMatchObject([
    {
      type: 'CheckFailed',
      causationId: overdue.id,
      payload: {
        orderId: numbered(3),
        stage: 'watchdog',
        occurredAt: '2026-11-23T12:01:00.000Z',
      },
    },
  ]);
  expect(emitted(expireOrder(overdue))).toEqual(emitted(expireOrder(overdue)));
});
