import { placedOrder } from '@checkout/api';
import { orderPlacedId, partitionOf } from '@checkout/events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { holdStream } from './testing/hold-stream.js';
import {
  bearer,
  type Customer,
  orderApplication,
  type OrderApplication,
  place,
  signIn,
  twoCups,
} from './testing/order-application.js';

let order: OrderApplication;
let customer: Customer;
beforeAll(async () => {
  order = await orderApplication();
  customer = await signIn(order.app);
}, 30_000);
afterAll(() => order.stop());

const rowsOf = async (table: string): Promise<number> => {
  const [row] = await order.database.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`);
  return Number(row?.n);
};
/** What an order leaves in the database, table by table. */
const TABLES = ['orders', 'order_lines', 'idempotency_keys', 'order_history', 'order_events'];
async function stored(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of [...TABLES, `outbox WHERE aggregatetype = 'order'`]) {
    counts[table] = await rowsOf(table);
  }
  return counts;
}

const uuid7: unknown = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);

describe('an order', () => {
  test('is answered with what was ordered at the prices of the catalogue', async () => {
    const answer = await place(order.app, customer, { key: 'an order' });
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.headers['idempotent-replayed']).toBeUndefined();
    expect(placedOrder.strict().parse(answer.json())).toEqual({
      id: uuid7,
      status: 'placed',
      lines: [{ sku: 'espresso-cup', quantity: 2, unitPrice: { amount: '2100', currency: 'EUR' } }],
      total: { amount: '4200', currency: 'EUR' },
    });
  });

  test('and its event are one database transaction', async () => {
    const { id } = (await place(order.app, customer, { key: 'one transaction' })).json<{
      id: string;
    }>();
    const rows = await order.database.query(
      `SELECT o.xid = b.xid AS same FROM orders o JOIN outbox b ON b.aggregateid = o.id::text
       WHERE o.id = $1`,
      [id],
    );
    expect(rows).toEqual([{ same: true }]);
  });

  test('is told with its lines, tax and time, and with the trace of its request', async () => {
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const answer = await order.app.inject({
      method: 'POST',
      url: '/api/orders',
      headers: {
        ...bearer(customer),
        'idempotency-key': 'told',
        traceparent: `00-${trace}-b7ad6b7169203331-01`,
      },
      payload: twoCups,
    });
    const ownSpan: unknown = expect.stringMatching(
      `^00-${trace}-(?!b7ad6b7169203331)[0-9a-f]{16}-01$`,
    );
    const { id } = answer.json<{ id: string }>();
    const [row] = await order.database.query<{ payload: string; placed: string }>(
      `SELECT outbox.*, orders.placed_at FROM outbox JOIN orders ON aggregateid = orders.id::text
       WHERE orders.id = $1`,
      [id],
    );
    expect(row).toMatchObject({
      id: orderPlacedId(id),
      aggregatetype: 'order',
      type: 'OrderPlaced',
      causation_id: id,
      partition: partitionOf(id, 4),
      traceparent: ownSpan,
    });
    const { placed_at: placedAt } = row as unknown as { placed_at: Date };
    expect(JSON.parse(row!.payload)).toEqual({
      orderId: id,
      customerId: customer.customerId,
      lines: [
        {
          lineNumber: 1,
          sku: 'espresso-cup',
          quantity: 2,
          unitPrice: { amount: '2100', currency: 'EUR' },
        },
      ],
      total: { amount: '4200', currency: 'EUR' },
      tax: { amount: '671', currency: 'EUR' },
      paymentMethod: 'pm_card_visa',
      occurredAt: placedAt.toISOString(),
    });
  });

  test('whose event cannot be stored is not stored either', async () => {
    const before = await stored();
    await order.database.query(
      `ALTER TABLE outbox ADD CONSTRAINT refuse CHECK (aggregatetype <> 'order') NOT VALID`,
    );
    try {
      expect((await place(order.app, customer, { key: 'no event' })).statusCode).toBe(500);
    } finally {
      await order.database.query('ALTER TABLE outbox DROP CONSTRAINT refuse');
    }
    expect(await stored()).toEqual(before);
    expect((await place(order.app, customer, { key: 'no event' })).statusCode).toBe(201);
  });
});

describe('a repeated request', () => {
  test('gets the first answer again, byte for byte, and changes nothing', async () => {
    const first = await place(order.app, customer, { key: 'repeat' });
    const before = await stored();
    const again = await place(order.app, customer, { key: 'repeat' });
    expect(again.statusCode).toBe(201);
    expect(again.rawPayload.equals(first.rawPayload)).toBe(true);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(await stored()).toEqual(before);
  });

  test('gets its answer even when the price has changed since', async () => {
    const expected = { ...twoCups, expectedTotal: { amount: '4200', currency: 'EUR' } };
    const first = await place(order.app, customer, { key: 'before the change', body: expected });
    const change = (price: number) =>
      order.database.query(`UPDATE products SET unit_price = ${price} WHERE sku = 'espresso-cup'`);
    await change(2_200);
    try {
      const again = await place(order.app, customer, { key: 'before the change', body: expected });
      expect(again.body).toBe(first.body);
      const other = await place(order.app, customer, { key: 'after the change', body: expected });
      expect(other.statusCode).toBe(409);
      expect(other.json()).toMatchObject({
        type: '/problems/price-changed',
        status: 409,
        detail: 'The order costs €44.00 now.',
      });
    } finally {
      await change(2_100);
    }
  });

  test('with another body is refused', async () => {
    await place(order.app, customer, { key: 'reused' });
    const other = { ...twoCups, lines: [{ sku: 'espresso-cup', quantity: 3 }] };
    const answer = await place(order.app, customer, { key: 'reused', body: other });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ type: '/problems/idempotency-key-reused' });
  });

  test('while the first one still runs is asked to come again', async () => {
    // Holds the first request up at its last step, with its key taken and nothing committed.
    const lock = await holdStream(order.database, customer.customerId);
    const first = place(order.app, customer, { key: 'slow' });
    await lock.waited();
    const second = await place(order.app, customer, { key: 'slow' });
    expect(second.statusCode).toBe(409);
    expect(second.headers['retry-after']).toBe('1');
    expect(second.json()).toMatchObject({ type: '/problems/still-running' });
    await lock.release();
    const { body } = await first;
    expect((await place(order.app, customer, { key: 'slow' })).body).toBe(body);
  });
});
