import type { ClientOperation } from '../evidence/recordings.js';
import type { KeyRow } from '../evidence/rows.js';

export const ROUTES: Readonly<Record<ClientOperation['op'], string>> = {
  place: 'POST /api/orders',
  cancel: 'POST /api/orders/{id}/cancel',
};

/** What became of everything that a client has sent under one key of one route. */
export function byKey(
  history: readonly ClientOperation[],
): ReadonlyMap<string, readonly ClientOperation[]> {
  const lines = Map.groupBy(history, ({ op, customerId, key }) => {
    return nameOf(ROUTES[op], customerId, key);
  });
  return new Map([...lines].map(([name, own]) => [name, outcomesOf(own)]));
}

/** What was sent and never answered, because its client was killed, may have happened. */
function outcomesOf(lines: readonly ClientOperation[]): readonly ClientOperation[] {
  const answers = lines.filter(({ result }) => result !== 'sent');
  const unanswered = lines.length - 2 * answers.length;
  const [first] = lines;
  if (unanswered <= 0 || !first) return answers;
  return [...answers, { ...first, result: 'unknown', orderId: null, responseHash: null }];
}

/** Keys of clients that write down all that they send, and of which the history has nothing. */
export function neverSent(
  history: readonly ClientOperation[],
  rows: readonly KeyRow[],
): { readonly rows: number; readonly found: readonly KeyRow[] } {
  const sent = history.filter(({ result }) => result === 'sent');
  const clients = new Set(sent.map(({ customerId }) => customerId));
  const names = new Set(sent.map(({ op, customerId, key }) => nameOf(ROUTES[op], customerId, key)));
  const theirs = rows.filter(({ customerId }) => clients.has(customerId));
  return {
    rows: theirs.length,
    found: theirs.filter(({ route, customerId, key }) => {
      return !names.has(nameOf(route, customerId, key));
    }),
  };
}

export function storedByKey(rows: readonly KeyRow[]): ReadonlyMap<string, KeyRow> {
  return new Map(rows.map((row) => [nameOf(row.route, row.customerId, row.key), row]));
}

function nameOf(route: string, customerId: string, key: string): string {
  return `${route} ${customerId} ${key}`;
}

export const NO_HISTORY = 'no client kept a history (history.ndjson in the run folder)';
