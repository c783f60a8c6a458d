import type { Evidence } from '../evidence/evidence.js';
import type { CounterExample } from '../invariant.js';

interface Table {
  readonly of: string;
  /** What tells a row from all others, and the order that it is about. */
  readonly rows: readonly (readonly [key: string, orderId: string | undefined])[];
}

/**
 * Rows that a primary key or a unique index keeps apart, and that are there twice all the same:
 * whoever reads one of the two would not see the other. The judge takes no table's word for it.
 */
export function doubledRows({ orders, payments }: Evidence): CounterExample[] {
  const outbox = [...orders.outbox, ...payments.outbox];
  const tables: readonly Table[] = [
    { of: 'an order', rows: orders.orders.map(({ id }) => [id, id]) },
    {
      of: 'a key',
      rows: orders.keys.map((row) => [`${row.route} ${row.customerId} ${row.key}`, row.orderId]),
    },
    { of: 'an event', rows: outbox.map(({ id, aggregateId }) => [id, aggregateId]) },
    { of: 'a product', rows: orders.products.map(({ sku }) => [sku, undefined]) },
    { of: 'a payment', rows: payments.payments.map(({ orderId }) => [orderId, orderId]) },
    { of: 'an attempt', rows: payments.attempts.map(({ key, orderId }) => [key, orderId]) },
  ];
  return tables.flatMap(({ of, rows }) => {
    const groups = Map.groupBy(rows, ([key]) => key);
    return [...groups].flatMap(([key, own]) => {
      if (own.length === 1) return [];
      const what = `there are ${own.length} rows of ${of} (${key})`;
      return [...new Set(own.map(([, orderId]) => orderId))].map((orderId) => ({ what, orderId }));
    });
  });
}
