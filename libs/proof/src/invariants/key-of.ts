import type { ClientOperation } from '../evidence/recordings.js';
import type { KeyRow } from '../evidence/rows.js';

export const ROUTES: Readonly<Record<ClientOperation['op'], string>> = {
  place: 'POST /api/orders',
  cancel: 'POST /api/orders/{id}/cancel',
};

/** Everything a client has sent under one key of one route. */
export function byKey(
  history: readonly ClientOperation[],
): ReadonlyMap<string, readonly ClientOperation[]> {
  return Map.groupBy(history, ({ op, customerId, key }) => nameOf(ROUTES[op], customerId, key));
}

export function storedByKey(rows: readonly KeyRow[]): ReadonlyMap<string, KeyRow> {
  return new Map(rows.map((row) => [nameOf(row.route, row.customerId, row.key), row]));
}

function nameOf(route: string, customerId: string, key: string): string {
  return `${route} ${customerId} ${key}`;
}

export const NO_HISTORY = 'no client kept a history (history.ndjson in the run folder)';
