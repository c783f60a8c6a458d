import { expect, it } from 'vitest';
import { emitted, event, PLACED_AT } from '../testing/given.js';
import { addStock } from './add-stock.handler.js';

function partsOf(sku: string, quantity: number): [string, number][] {
  const added = event('StockAdded', {
    ...{ sku, quantity, reason: 'opening stock', occurredAt: PLACED_AT },
  });
  return emitted(addStock(added)).map((part) => {
    if (part.type !== 'StockReceived') throw new Error(`${part.type} is no part`);
    expect(part).toMatchObject({ causationId: added.id, payload: { sku, occurredAt: PLACED_AT } });
    return [part.payload.bucket, part.payload.quantity];
  });
}

it('an addition is divided among the buckets of its product, and home has the remainder', () => {
  expect(partsOf('tea-pot', 35)).toEqual([
    ['tea-pot/0', 7],
    ...Array.from({ length: 7 }, (_, n) => [`tea-pot/${n + 1}`, 4]),
  ]);
});

it('what is less than a piece for each is all at home', () => {
  expect(partsOf('tea-pot', 7)).toEqual([['tea-pot/0', 7]]);
});

it('ten prints are not divided', () => {
  expect(partsOf('limited-print', 10)).toEqual([['limited-print/0', 10]]);
});

it('each part has an id of its own, and the same one when the addition comes again', () => {
  const added = event('StockAdded', {
    ...{ sku: 'tea-pot', quantity: 80, reason: 'opening stock', occurredAt: PLACED_AT },
  });
  const ids = () => emitted(addStock(added)).map(({ id }) => id);
  expect(ids()).toEqual(ids());
  expect(new Set(ids()).size).toBe(8);
});
