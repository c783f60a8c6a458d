import { orderPlacedId } from '@checkout/events';
import { describe, expect, it } from 'vitest';
import { emitted, event, numbered, order, TRACE } from '../testing/given.js';
import { bucketOf } from '../inventory/buckets.js';
import { openOrder } from './open-order.handler.js';

const placed = event(
  'OrderPlaced',
  order({
    orderId: numbered(7),
    lines: [
      { sku: 'espresso-cup', quantity: 2 },
      { sku: 'tea-pot', quantity: 1 },
      { sku: 'espresso-cup', quantity: 3 },
    ],
  }),
  orderPlacedId(numbered(7)),
);

describe('open order', () => {
  it('asks once per line, once for fraud, and tells the join what to wait for', () => {
    const events = emitted(openOrder(placed));

    expect(events.map((e) => e.type)).toEqual([
      'OrderOpened',
      'StockRequested',
      'StockRequested',
      'StockRequested',
      'FraudCheckRequested',
    ]);
    expect(events[0]?.payload).toEqual(placed.payload);
    expect(events[3]?.payload).toMatchObject({
      lineNumber: 3,
      sku: 'espresso-cup',
      bucket: bucketOf('espresso-cup', numbered(7)),
      quantity: 3,
      occurredAt: placed.payload.occurredAt,
    });
  });

  it('asks under ids of its own for each line, and under the same ids when it asks again', () => {
    const ids = emitted(openOrder(placed)).map((e) => e.id);

    expect(new Set(ids).size).toBe(5);
    expect(emitted(openOrder(placed)).map((e) => e.id)).toEqual(ids);
  });

  it('carries cause and trace along', () => {
    for (const asked of emitted(openOrder(placed))) {
      expect(asked).toMatchObject({ causationId: placed.id, traceparent: TRACE });
    }
  });
});
