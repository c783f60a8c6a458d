import type { ClientOperation, Recordings } from '../evidence/recordings.js';
import type { KeyRow, OrderRow } from '../evidence/rows.js';
import type { CounterExample, Invariant } from '../invariant.js';
import { sha256 } from '../recordings/client-history.js';
import { byKey, NO_HISTORY, storedByKey } from './key-of.js';
import { keepsKeys, keepsWishes } from './order-keys.js';

export const a01: Invariant = {
  id: 'A01',
  says: 'What a client was told is done is stored once, and was answered the same each time.',
  rule:
    'history: for each operation with a definite yes, idempotency_keys has its customer, route ' +
    'and key with the order, the hash of the request and the answer that the client has; and ' +
    'the order is there; a cancel that was answered so is noted with its order; the key of what ' +
    'was placed, or wished for, more than 72 h ago may be forgotten; and each order that a ' +
    'client has looked at was placed by one that had a yes',
  judge({ evidence: { orders, recordings } }) {
    if (recordings.history === null) return { notObserved: NO_HISTORY };
    const stored = storedByKey(orders.keys);
    const known = new Map(orders.orders.map((order) => [order.id, order]));
    const isKept = { place: keepsKeys(orders), cancel: keepsWishes(orders) };
    const acknowledged = [...byKey(recordings.history)].map(
      ([name, sendings]) => [name, sendings.filter(({ result }) => result === 'ok')] as const,
    );
    const rows = acknowledged.reduce((sum, [, sendings]) => sum + sendings.length, 0);
    if (rows === 0) return { notObserved: 'no client was told that anything is done' };
    return {
      rows,
      counterExamples: [
        ...acknowledged.flatMap(([name, sendings]) =>
          sendings.flatMap((sending) => {
            const order = known.get(sending.orderId ?? '');
            const row = stored.get(name);
            if (!row && order && !isKept[sending.op](order)) return [];
            const what = fault(sending, row, order);
            return what === undefined ? [] : [{ what, orderId: sending.orderId ?? undefined }];
          }),
        ),
        ...placedByNobody(recordings),
      ],
    };
  },
};

/** Who looks at an order was told before that it is there. */
function placedByNobody({ history, reads }: Recordings): CounterExample[] {
  const yes = (history ?? []).filter(({ op, result }) => op === 'place' && result === 'ok');
  const placed = new Set(yes.map(({ orderId }) => orderId));
  const looked = new Set((reads ?? []).map(({ orderId }) => orderId));
  return [...looked].flatMap((orderId) => {
    if (placed.has(orderId)) return [];
    return [{ what: 'a client has looked at it, and no history says who placed it', orderId }];
  });
}

function fault(
  { op, key, orderId, bodyHash, responseHash }: ClientOperation,
  row: KeyRow | undefined,
  order: OrderRow | undefined,
): string | undefined {
  if (!row) return `key ${key} was answered with a yes, and nothing is stored under it`;
  if (row.orderId !== orderId) return `key ${key} is stored with order ${row.orderId}`;
  if (!order) return `key ${key} has a yes, and the order is not there`;
  if (row.requestHash !== bodyHash) return `key ${key} is stored with another request`;
  if (sha256(row.response) !== responseHash) return `key ${key} was answered otherwise`;
  if (op === 'cancel' && !order.cancelRequested) {
    return `key ${key} has a yes to a cancel, and the order knows of no wish`;
  }
  return undefined;
}
