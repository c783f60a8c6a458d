import { until } from '@checkout/testkit';
import type { App } from '@checkout/nest-service';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyPruning, pruneKeys } from './prune-keys.js';
import {
  applicationOn,
  bearer,
  configFor,
  type Customer,
  orderApplication,
  type OrderApplication,
  place,
  placed,
  quiet,
  signIn,
  twoCups,
} from './testing/order-application.js';

let order: OrderApplication;
let second: App;
let customer: Customer;
beforeAll(async () => {
  order = await orderApplication();
  second = await applicationOn(configFor(order.database.url));
  customer = await signIn(order.app);
});
afterAll(async () => {
  await second.close();
  await order.stop();
});

async function ordersOf({ customerId }: Customer): Promise<number> {
  const [row] = await order.database.query<{ n: string }>(
    'SELECT count(*) AS n FROM orders WHERE customer_id = $1',
    [customerId],
  );
  return Number(row?.n);
}

/** The next answer to a key that is not 409. */
async function settled(app: App, who: Customer, key: string): Promise<string> {
  let body = '';
  await until({ what: `an answer to ${key}`, withinMs: 10_000 }, async () => {
    const answer = await place(app, who, { key });
    body = answer.body;
    return answer.statusCode === 201;
  });
  return body;
}

describe('one key', () => {
  test.each([1, 2, 3, 4, 5])(
    'sent fifty times at once, to two replicas, makes one order and one answer (%i)',
    async (round) => {
      const buyer = await signIn(order.app);
      const key = `race ${round}`;
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, n) => place(n % 2 ? second : order.app, buyer, { key })),
      );
      expect(answers.filter(({ statusCode }) => ![201, 409].includes(statusCode))).toEqual([]);
      const created = answers.filter(({ statusCode }) => statusCode === 201);
      expect(created.filter(({ headers }) => !headers['idempotent-replayed'])).toHaveLength(1);
      const bodies = new Set(created.map(({ body }) => body));
      for (const app of [order.app, second]) bodies.add(await settled(app, buyer, key));
      expect(bodies.size).toBe(1);
      expect(await ordersOf(buyer)).toBe(1);
    },
  );

  test('sent fifty times at once with two bodies makes one order, of one of them', async () => {
    const buyer = await signIn(order.app);
    const three = { ...twoCups, lines: [{ sku: 'espresso-cup', quantity: 3 }] };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        place(n % 2 ? second : order.app, buyer, { key: 'torn', body: n % 3 ? twoCups : three }),
      ),
    );
    expect(answers.filter(({ statusCode }) => ![201, 409, 422].includes(statusCode))).toEqual([]);
    const bodies = answers.filter(({ statusCode }) => statusCode === 201).map(({ body }) => body);
    expect(new Set(bodies).size).toBe(1);
    expect(await ordersOf(buyer)).toBe(1);
  });

  test('names a request, however its fields are ordered, spaced and escaped', async () => {
    const first = await place(order.app, customer, { key: 'written anew' });
    const again = await second.inject({
      method: 'POST',
      url: '/api/orders',
      headers: {
        ...bearer(customer),
        'idempotency-key': 'written anew',
        'content-type': 'application/json; charset=UTF-8',
      },
      payload:
        '\ufeff{"paymentMethod":"pm_card\\u005fvisa",\r\n' +
        ' "lines":[{"quantity":2.0e0,"sku":"espresso-cup"}]}',
    });
    expect(again.statusCode).toBe(201);
    expect(again.rawPayload.equals(first.rawPayload)).toBe(true);
  });

  test('belongs to one customer and one route', async () => {
    const [mine, theirs] = [await signIn(order.app), await signIn(order.app)];
    const id = await placed(order.app, mine, 'everybody has it');
    expect(await placed(order.app, theirs, 'everybody has it')).not.toBe(id);
    const cancelled = await order.app.inject({
      method: 'POST',
      url: `/api/orders/${id}/cancel`,
      headers: { ...bearer(mine), 'idempotency-key': 'everybody has it' },
    });
    expect(cancelled.statusCode).toBe(202);
    expect(cancelled.headers['idempotent-replayed']).toBeUndefined();
  });
});

describe('keys', () => {
  const age = (key: string, hours: number) =>
    order.database.query(
      `UPDATE idempotency_keys SET created_at = created_at - $2 * interval '1 hour'
       WHERE key = $1`,
      [key, hours],
    );
  const manager = (): DataSource['manager'] => order.app.get(DataSource).manager;

  test('are kept for 72 hours, and then they may be used for a new wish', async () => {
    const buyer = await signIn(order.app);
    const [old, young] = [
      await placed(order.app, buyer, 'an old key'),
      await placed(order.app, buyer, 'a young key'),
    ];
    await age('an old key', 72.1);
    await age('a young key', 71.9);
    expect(await pruneKeys(manager())).toBe(1);
    expect(await placed(order.app, buyer, 'a young key')).toBe(young);
    expect(await placed(order.app, buyer, 'an old key')).not.toBe(old);
    expect(await ordersOf(buyer)).toBe(3);
  });

  test('that are old are forgotten in bounded batches, by whichever replica looks', async () => {
    const buyer = await signIn(order.app);
    const id = await placed(order.app, buyer, 'one of many');
    await order.database.query(
      `INSERT INTO idempotency_keys
         (customer_id, route, key, request_hash, status, response, order_id, created_at)
       SELECT $1, 'POST /api/orders', 'many ' || n, '', 201, '', $2, now() - interval '73 hours'
       FROM generate_series(1, 2500) AS n`,
      [buyer.customerId, id],
    );
    expect(await pruneKeys(manager(), 400)).toBe(400);
    const replicas = [order.app, second].map((app) =>
      keyPruning({ dataSource: app.get(DataSource), log: quiet }),
    );
    for (const replica of replicas) await replica.start();
    await until({ what: 'all old keys are gone', withinMs: 10_000 }, async () => {
      const [row] = await order.database.query<{ n: string }>(
        'SELECT count(*) AS n FROM idempotency_keys WHERE customer_id = $1',
        [buyer.customerId],
      );
      return row?.n === '1';
    });
    for (const replica of replicas) await replica.stop();
    expect(await placed(order.app, buyer, 'one of many')).toBe(id);
  });
});
