import { eventId, orderPlacedId } from '@checkout/events';
import type { OrdersDatabase } from '../evidence/rows.js';
import type { Invariant } from '../invariant.js';
import { byKey, NO_HISTORY, storedByKey } from './key-of.js';
import { wishedWithoutKey } from './order-keys.js';

export const a03: Invariant = {
  id: 'A03',
  says: 'A request whose answer got lost was carried out whole or not at all.',
  rule:
    'history: a key without a definite answer has no row in idempotency_keys, or it has one, ' +
    'and then the order, its lines, its first version and its OrderPlaced are there too, or the ' +
    'wish to cancel and its OrderCancelRequested; where these are there, a key of a cancel is',
  judge({ evidence: { orders, recordings } }) {
    if (recordings.history === null) return { notObserved: NO_HISTORY };
    const stored = storedByKey(orders.keys);
    const unknown = [...byKey(recordings.history)].filter(
      ([, sendings]) =>
        sendings.some(({ result }) => result === 'unknown') &&
        sendings.every(({ result }) => result !== 'ok'),
    );
    if (unknown.length === 0) return { notObserved: 'every request was answered' };
    const missingOf = partsOf(orders);
    const wished = wishedWithoutKey(orders);
    return {
      rows: unknown.length,
      counterExamples: unknown.flatMap(([name, [first]]) => {
        const row = stored.get(name);
        if (!row && first?.op === 'cancel' && wished.has(first.bodyHash)) {
          const what = `cancel ${first.key} was carried out, and there is no key of it`;
          return [{ what, orderId: first.bodyHash }];
        }
        const missing = row && first ? missingOf(first.op, row.orderId) : [];
        if (!row || missing.length === 0) return [];
        const what = `key ${first?.key} is there, and there is no ${missing.join(', no ')}`;
        return [{ what, orderId: row.orderId }];
      }),
    };
  },
};

/** Which parts of an order are not there. */
function partsOf(orders: OrdersDatabase): (op: 'place' | 'cancel', orderId: string) => string[] {
  const sets: readonly (readonly [string, ReadonlySet<string>])[] = [
    ['order', new Set(orders.orders.map(({ id }) => id))],
    ['line', new Set(orders.lines.map(({ orderId }) => orderId))],
    ['first version', new Set(orders.history.map(({ orderId }) => orderId))],
  ];
  const staged = new Set(orders.outbox.map(({ id }) => id));
  const wished = new Set(
    orders.orders.filter(({ cancelRequested }) => cancelRequested).map(({ id }) => id),
  );
  const missingWish = (orderId: string): string[] => {
    const told = staged.has(eventId(orderPlacedId(orderId), 'OrderCancelRequested'));
    return [...(wished.has(orderId) ? [] : ['wish']), ...(told ? [] : ['OrderCancelRequested'])];
  };
  const missingOrder = (orderId: string): string[] => [
    ...sets.filter(([, ids]) => !ids.has(orderId)).map(([name]) => name),
    ...(staged.has(orderPlacedId(orderId)) ? [] : ['OrderPlaced']),
  ];
  return (op, orderId) => (op === 'cancel' ? missingWish(orderId) : missingOrder(orderId));
}
