import type { Invariant } from '../invariant.js';
import { byKey, neverSent, NO_HISTORY, storedByKey } from './key-of.js';
import { wishedWithoutKey } from './order-keys.js';

export const a02: Invariant = {
  id: 'A02',
  says: 'What was refused, or never asked for, has left nothing behind.',
  rule:
    'history: a key that had nothing but a definite no has no row in idempotency_keys, and so ' +
    'no order; an order whose cancel was refused has no wish, unless another key asked for ' +
    'it; of a client that writes down what it sends before it does, each key was sent',
  judge({ evidence: { orders, recordings } }) {
    if (recordings.history === null) return { notObserved: NO_HISTORY };
    const stored = storedByKey(orders.keys);
    const wished = wishedWithoutKey(orders);
    const refused = [...byKey(recordings.history)].filter(([, sendings]) =>
      sendings.every(({ result }) => result === 'fail'),
    );
    const strange = neverSent(recordings.history, orders.keys);
    if (refused.length + strange.rows === 0) return { notObserved: 'nothing was refused' };
    return {
      rows: refused.length + strange.rows,
      counterExamples: [
        ...refused.flatMap(([name, [first]]) => {
          const row = stored.get(name);
          if (!row && first?.op === 'cancel' && wished.has(first.bodyHash)) {
            const what = `cancel ${first.key} was refused, and its order was to be cancelled`;
            return [{ what, orderId: first.bodyHash }];
          }
          if (!row) return [];
          const what = `key ${first?.key} was refused, and an order lies under it`;
          return [{ what, orderId: row.orderId }];
        }),
        ...strange.found.map(({ key, orderId }) => {
          return { what: `key ${key} was never sent by its customer`, orderId };
        }),
      ],
    };
  },
};
