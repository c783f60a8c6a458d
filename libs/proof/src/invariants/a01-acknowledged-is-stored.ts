import type { ClientOperation } from '../evidence/recordings.js';
import type { KeyRow } from '../evidence/rows.js';
import type { Invariant } from '../invariant.js';
import { sha256 } from '../recordings/client-history.js';
import { byKey, NO_HISTORY, storedByKey } from './key-of.js';

export const a01: Invariant = {
  id: 'A01',
  says: 'What a client was told is done is stored once, and was answered the same each time.',
  rule:
    'history: for each operation with a definite yes, idempotency_keys has its customer, route ' +
    'and key with the order, the hash of the request and the answer that the client has; and ' +
    'the order is there',
  judge({ evidence: { orders, recordings } }) {
    if (recordings.history === null) return { notObserved: NO_HISTORY };
    const stored = storedByKey(orders.keys);
    const known = new Set(orders.orders.map(({ id }) => id));
    const acknowledged = [...byKey(recordings.history)].map(
      ([name, sendings]) => [name, sendings.filter(({ result }) => result === 'ok')] as const,
    );
    return {
      rows: acknowledged.reduce((sum, [, sendings]) => sum + sendings.length, 0),
      counterExamples: acknowledged.flatMap(([name, sendings]) =>
        sendings.flatMap((sending) => {
          const what = fault(sending, stored.get(name), known);
          return what === undefined ? [] : [{ what, orderId: sending.orderId ?? undefined }];
        }),
      ),
    };
  },
};

function fault(
  { key, orderId, bodyHash, responseHash }: ClientOperation,
  row: KeyRow | undefined,
  known: ReadonlySet<string>,
): string | undefined {
  if (!row) return `key ${key} was answered with a yes, and nothing is stored under it`;
  if (row.orderId !== orderId) return `key ${key} is stored with order ${row.orderId}`;
  if (!known.has(row.orderId)) return `key ${key} has a yes, and the order is not there`;
  if (row.requestHash !== bodyHash) return `key ${key} is stored with another request`;
  if (sha256(row.response) !== responseHash) return `key ${key} was answered otherwise`;
  return undefined;
}
