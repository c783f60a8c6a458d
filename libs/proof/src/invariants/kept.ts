import type { CounterExample } from '../invariant.js';
import type { LogView } from '../log-view.js';
import type { CheckedOrder } from '../model/join.js';
import type { Put } from '../model/output.js';
import { canonical } from '../model/stages.js';

type Store = Put['store'];
const STORES: readonly Store[] = ['stock', 'velocity', 'checks'];

/**
 * What stages remember, against what follows from all that they have read: the newest value of each
 * key of their changelogs. A row that is lost or wrong shows when its stage starts again, in orders
 * to come: a customer who has ordered too much is let through, a line is given back twice.
 *
 * Of the stock only the rows of order lines: how many pieces a bucket has is for A13 to add up. And
 * of a changelog with a record that no marker settles A11 speaks.
 */
export function keptFaults(
  log: LogView,
  kept: readonly Put[],
): { rows: number; found: CounterExample[] } {
  const stores = STORES.filter((store) => isSettled(log, store));
  const follows = kept.filter((put) => stores.includes(put.store) && isKept(put));
  const due = new Map(follows.map((put) => [`${put.store} ${put.key}`, put]));
  const stored = stores.flatMap((store) => {
    const rows = [...log.store(store)].map(([key, value]) => ({ store, key, value }));
    return rows.filter(isKept);
  });
  const names = new Set(stored.map(({ store, key }) => `${store} ${key}`));
  const missing = [...due].filter(([name]) => !names.has(name)).map(([, put]) => put);
  return {
    rows: stored.length,
    found: [
      ...missing.map((put) => faultOf(log, put, 'is not there, and follows from what was read')),
      ...stored.flatMap((row) => {
        const wanted = due.get(`${row.store} ${row.key}`);
        if (!wanted) return [faultOf(log, row, 'follows from nothing that was read')];
        if (meaningOf(row) === meaningOf(wanted)) return [];
        return [
          faultOf(
            log,
            row,
            `is ${meaningOf(row)}, from what was read follows ${meaningOf(wanted)}`,
          ),
        ];
      }),
    ],
  };
}

function isSettled(log: LogView, store: Store): boolean {
  return log.records(log.changelog(store)).every((record) => log.fateOf(record) !== 'open');
}

const ORDER_LINE = /\|[0-9a-f-]{36}\/\d+$/;

function isKept({ store, key }: Put): boolean {
  return store !== 'stock' || ORDER_LINE.test(key);
}

const ORDER_ID = /[0-9a-f-]{36}/;

/** The row of a customer is about no order. */
function orderOf({ store, key }: Put): string | undefined {
  const detail = store === 'checks' ? key : key.split('|')[1];
  return ORDER_ID.exec(detail ?? '')?.[0];
}

function faultOf(log: LogView, row: Put, what: string): CounterExample {
  return { what: `${row.key} on ${log.changelog(row.store)} ${what}`, orderId: orderOf(row) };
}

/** The answers that an order waits for are not compared: they are on the topic that is read. */
function meaningOf({ store, value }: Put): string {
  if (store !== 'checks') return canonical(value);
  const { decided, decidedAt, closedAt, held = {}, released = [] } = value as CheckedOrder;
  const returned = released.toSorted((a, b) => a - b);
  return canonical({ decided, decidedAt, closedAt, held, released: returned });
}
