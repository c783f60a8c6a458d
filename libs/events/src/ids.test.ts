import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chargeTransactionId, eventId, orderPlacedId, refundTransactionId } from './ids.js';

const order = '018f0000-0000-7000-8000-000000000001';

describe('derived ids', () => {
  // Frozen: records written before an upgrade are compared with ids computed after it.
  test('are the ones that are already on the topics', () => {
    expect({
      placed: orderPlacedId(order),
      requested: eventId(orderPlacedId(order), 'StockRequested', '1'),
      charge: chargeTransactionId(order),
      refund: refundTransactionId(order, 1),
    }).toEqual({
      placed: '2f1c2e9b-d374-560b-8ef9-fb4be8f08eb2',
      requested: 'd88bb718-e0d8-535c-8b6f-150909c4c38b',
      charge: '04be0040-b0cc-5014-838e-bb93414fbd48',
      refund: 'd7c4ee14-390a-57a8-bf6e-e9a409696a48',
    });
  });

  test('are the same at every decision', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.string(), (cause, subject) => {
        expect(eventId(cause, 'StockReserved', subject)).toBe(
          eventId(cause, 'StockReserved', subject),
        );
      }),
    );
  });

  test('differ between causes, types and subjects', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), fc.nat(), (cause, other, n) => {
        fc.pre(cause !== other);
        const id = eventId(cause, 'StockReserved', `${n}`);
        expect(id).not.toBe(eventId(other, 'StockReserved', `${n}`));
        expect(id).not.toBe(eventId(cause, 'StockRefused', `${n}`));
        expect(id).not.toBe(eventId(cause, 'StockReserved', `${n + 1}`));
      }),
    );
  });

  test('an order has one charge id, whatever the attempt, and it is no event id', () => {
    expect(chargeTransactionId(order)).toBe(chargeTransactionId(order));
    expect(chargeTransactionId(order)).not.toBe(orderPlacedId(order));
  });
});
