import { expect, it } from 'vitest';
import { emitted, event, PLACED_AT } from '../testing/given.js';
import { addStock } from './add-stock.handler.js';

it('an addition goes to the home bucket of its product', () => {
  const added = event('StockAdded', {
    sku: 'tea-pot',
    quantity: 12,
    reason: 'opening stock',
    occurredAt: PLACED_AT,
  });

  expect(emitted(addStock(added))).toMatchObject([
    {
      type: 'StockReceived',
      causationId: added.id,
      payload: { sku: 'tea-pot', bucket: 'tea-pot/0', quantity: 12, occurredAt: PLACED_AT },
    },
  ]);
});
