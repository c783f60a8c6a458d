import { eventId, orderPlacedId } from '@checkout/events';
import type { ClientOperation } from '../evidence/recordings.js';
import type { KeyRow, OrdersDatabase } from '../evidence/rows.js';
import type { CounterExample, Invariant } from '../invariant.js';
import { byKey, NO_HISTORY, storedByKey } from './key-of.js';
import { wishedWithoutKey } from './order-keys.js';

export const a03: Invariant = {
  id: 'A03',
  says: 'A request whose answer got lost was carried out whole or not at all.',
  rule:
    'history: a key without a definite answer has no row in idempotency_keys, or it has one, ' +
    'of what was sent, and then the order, its lines, its first version and its OrderPlaced are ' +
    'there too, or the wish to cancel and its OrderCancelRequested; where these are there, a ' +
    'key of a cancel is',
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
      counterExamples: unknown.flatMap(([name, sendings]) => {
        const [first] = sendings;
        const row = stored.get(name);
        if (!first) return [];
        if (row) return halfDone(row, sendings, missingOf(first.op, row.orderId));
        if (first.op !== 'cancel' || !wished.has(first.bodyHash)) return [];
        const what = `cancel ${first.key} was carried out, and there is no key of it`;
        return [{ what, orderId: first.bodyHash }];
      }),
    };
  },
};

function halfDone(
  { key, orderId, requestHash }: KeyRow,
  sendings: readonly ClientOperation[],
  missing: readonly string[],
): CounterExample[] {
  if (sendings.every(({ bodyHash }) => bodyHash !== requestHash)) {
    return [{ what: `key ${key} is there, with another request than was sent`, orderId }];
  }
  if (missing.length === 0) return [];
  return [{ what: `key ${key} is there, and there is no ${missing.join(', no ')}`, orderId }];
}

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
