import { eventId, orderPlacedId } from '@checkout/events';
import type { Evidence } from '../evidence/evidence.js';
import type { KeyRow, OrderLineRow, OrderRow, OrdersDatabase } from '../evidence/rows.js';
import type { CounterExample } from '../invariant.js';
import { notAsAsked, type KeptAnswer } from './as-asked.js';
import { ROUTES } from './key-of.js';

/** What is answered again is a yes: an order is created, a wish is accepted. */
const STATUSES: Readonly<Record<string, number>> = { [ROUTES.place]: 201, [ROUTES.cancel]: 202 };

/** After three days a key is forgotten, and its order is still there. */
const KEPT_MS = 72 * 3_600_000;

/** A key is taken before its wish is noted; it may have waited for the order’s row. */
const TAKEN_EARLIER_MS = 60_000;

/** Whether the key that an order was placed with must still be there. */
export function keepsKeys({
  readAt,
}: Pick<OrdersDatabase, 'readAt'>): (order: OrderRow) => boolean {
  return ({ placedAt }) => readAt - Date.parse(placedAt) < KEPT_MS;
}

/** The same of the key of a wish, which may be years younger than its order: the wish was told. */
export function keepsWishes({
  outbox,
  readAt,
}: Pick<OrdersDatabase, 'outbox' | 'readAt'>): (order: OrderRow) => boolean {
  const wishes = new Map(
    outbox
      .filter(({ type }) => type === 'OrderCancelRequested')
      .map(({ id, payload }) => [id, (JSON.parse(payload) as { occurredAt: string }).occurredAt]),
  );
  return ({ id }) => {
    const wishedAt = wishes.get(eventId(orderPlacedId(id), 'OrderCancelRequested'));
    if (wishedAt === undefined) return true; // Nothing has aged that is not there.
    return readAt - Date.parse(wishedAt) < KEPT_MS - TAKEN_EARLIER_MS;
  };
}

/** Orders whose cancel was carried out, and that have no key that anybody asked for it with. */
export function wishedWithoutKey({ orders, keys, outbox, readAt }: OrdersDatabase) {
  const asked = new Set(keys.filter(({ route }) => route === ROUTES.cancel).map((k) => k.orderId));
  const told = new Set(outbox.map(({ id }) => id));
  const isKept = keepsWishes({ outbox, readAt });
  const found = orders.filter((order) => {
    const event = eventId(orderPlacedId(order.id), 'OrderCancelRequested');
    const isWished = order.cancelRequested || told.has(event);
    return isWished && !asked.has(order.id) && isKept(order);
  });
  return new Set(found.map(({ id }) => id));
}

/**
 * Orders against the keys that they were asked for with: one wish is one key is one order. And a
 * key under which a yes to a cancel is kept stands for a wish that is noted.
 */
export function keyFaults({ orders }: Evidence): { rows: number; found: CounterExample[] } {
  const byId = new Map(orders.orders.map((order) => [order.id, order]));
  const placing = orders.keys.filter(({ route }) => route === ROUTES.place);
  const keysOf = Map.groupBy(placing, ({ orderId }) => orderId);
  const linesOf = Map.groupBy(orders.lines, ({ orderId }) => orderId);
  const isKept = keepsKeys(orders);
  return {
    rows: orders.keys.length,
    found: [
      ...orders.orders.flatMap((order) => {
        const [first, ...others] = keysOf.get(order.id) ?? [];
        const about = { orderId: order.id };
        if (!first && isKept(order)) {
          return [{ what: 'the order is there, and no key that it was asked for with', ...about }];
        }
        const what = `it was asked for with ${others.length + 1} keys`;
        return others.length > 0 ? [{ what, ...about }] : [];
      }),
      ...[...wishedWithoutKey(orders)].map((orderId) => {
        return { what: 'was to be cancelled, and no key is there that asked for it', orderId };
      }),
      ...orders.keys.flatMap((row) => {
        const { orderId } = row;
        const what = rowFault(row, byId.get(orderId), linesOf.get(orderId) ?? []);
        return what === undefined ? [] : [{ what, orderId }];
      }),
    ],
  };
}

function rowFault(
  row: KeyRow,
  order: OrderRow | undefined,
  lines: readonly OrderLineRow[],
): string | undefined {
  const { route, key, orderId, status, response } = row;
  if (!order) return `key ${key} stands for an order that is not there`;
  const answer = answered(response);
  if (answer.id !== orderId) return `the answer kept under key ${key} is not about its order`;
  if (status !== STATUSES[route]) return `key ${key} keeps an answer with the status ${status}`;
  if (route === ROUTES.cancel && row.requestHash !== orderId) {
    return `key ${key} was to cancel ${row.requestHash}, and its answer is about this order`;
  }
  if (route !== ROUTES.cancel) return notAsAsked(row, { order, lines, told: answer.total });
  if (!order.cancelRequested) return `key ${key} has a yes to a cancel, and no wish is noted`;
  return answer.cancelRequested === true
    ? undefined
    : `the answer kept under key ${key} does not say that a cancel was asked for`;
}

function answered(response: string): KeptAnswer {
  try {
    return (JSON.parse(response) ?? {}) as object;
  } catch {
    return {};
  }
}
