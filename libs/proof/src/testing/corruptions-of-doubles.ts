import { ROUTES } from '../invariants/key-of.js';
import type { Draft } from './draft.js';
import { corruption, overlook, type Corruption } from './planting.js';

/** Whoever reads one of two rows does not see the other: the first is the one overlooked. */
function twice<T extends object>(rows: T[], row: T | undefined, change: Partial<T>): boolean {
  if (!row) return false;
  rows.unshift({ ...structuredClone(row), ...change });
  return true;
}

/** Two orders of one customer under one key: what was repeated was done twice. */
function oneKeyForTwo(draft: Draft): boolean {
  const placing = draft.orders.keys.filter(({ route }) => route === ROUTES.place);
  for (const key of placing) {
    const other = placing.find((one) => one !== key && one.customerId === key.customerId);
    if (!other) continue;
    draft.recordings.history = null;
    draft.recordings.reads = null;
    other.key = key.key;
    overlook(draft, other.orderId);
    return true;
  }
  return false;
}

const rows: readonly Corruption[] = [
  corruption('A04', 'one key stands for two orders', oneKeyForTwo),
  corruption('A04', 'an order has a second payment, which never ends', ({ payments }) => {
    const paid = payments.payments.find(({ state }) => state === 'PAID');
    return twice(payments.payments, paid, { state: 'CONFIRMING' });
  }),
  corruption(
    'A04',
    'an order was told twice, once by a database transaction of nobody’s',
    (draft) => {
      const { outbox } = draft.orders;
      const placed = outbox.find(({ type }) => type === 'OrderPlaced');
      return twice(outbox, placed, { xid: '424242' });
    },
  ),
  corruption('A04', 'a product is there twice, once for nothing', ({ orders }) => {
    return twice(orders.products, orders.products[0], { unitPrice: 1n });
  }),
  corruption('A04', 'there are two rows of an order', ({ orders }) => {
    return twice(orders.orders, orders.orders[0], {});
  }),
];

const wishes: readonly Corruption[] = [
  corruption('A04', 'one order was to be cancelled, another one was', (draft) => {
    const row = draft.orders.keys.find(({ route }) => route === ROUTES.cancel);
    const other = draft.orders.orders.find(({ id, customerId }) => {
      return row && customerId === row.customerId && id !== row.orderId;
    });
    if (!row || !other) return false;
    draft.recordings.history = null;
    draft.recordings.reads = null;
    row.requestHash = other.id;
  }),
];

export const corruptionsOfDoubles: readonly Corruption[] = [...rows, ...wishes];
