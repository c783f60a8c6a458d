import { orderView } from '@checkout/api';
import { eventId, orderPlacedId, partitionOf } from '@checkout/events';
import { until } from '@checkout/testkit';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  approved,
  booked,
  cancelled,
  declined,
  paid,
  refunded,
  rejected,
  type Say,
} from './testing/deliveries.js';
import {
  bearer,
  type Customer,
  orderApplication,
  type OrderApplication,
  place,
  placed,
  signIn,
} from './testing/order-application.js';

let order: OrderApplication;
let customer: Customer;
beforeAll(async () => {
  order = await orderApplication();
  customer = await signIn(order.app);
}, 30_000);
afterAll(() => order.stop());

let orders = 0;
const newOrder = () => placed(order.app, customer, `order ${(orders += 1)}`);

interface Asking {
  readonly id: string;
  readonly key?: string;
  readonly by?: Customer;
  readonly payload?: object | string;
  readonly headers?: Record<string, string>;
}
function cancel({ id, key = 'cancel', by = customer, payload, headers }: Asking) {
  return order.app.inject({
    method: 'POST',
    url: `/api/orders/${encodeURIComponent(id)}/cancel`,
    headers: { ...bearer(by), ...(key && { 'idempotency-key': key }), ...headers },
    ...(payload !== undefined && { payload }),
  });
}
const view = async (id: string) =>
  orderView
    .strict()
    .parse(
      (await order.app.inject({ url: `/api/orders/${id}`, headers: bearer(customer) })).json(),
    );

const wishes = (id: string) =>
  order.database.query<Record<string, unknown>>(
    `SELECT * FROM outbox WHERE aggregateid = $1 AND type = 'OrderCancelRequested'`,
    [id],
  );
const keptAnswers = async (): Promise<number> => {
  const rows = await order.database.query(
    `SELECT FROM idempotency_keys WHERE route = 'POST /api/orders/{id}/cancel'`,
  );
  return rows.length;
};

describe('a wish to cancel', () => {
  test('is taken: 202 with the order, which says from now on that it was asked', async () => {
    const id = await newOrder();
    expect(await view(id)).not.toHaveProperty('cancelRequested');
    const answer = await cancel({ id });
    expect(answer.statusCode).toBe(202);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.headers['idempotent-replayed']).toBeUndefined();
    expect(orderView.strict().parse(answer.json())).toMatchObject({
      id,
      status: 'placed',
      cancelRequested: true,
    });
    expect(answer.json()).toEqual(await view(id));
  });

  test('and its event and its answer are one database transaction', async () => {
    const id = await newOrder();
    const before = await keptAnswers();
    await order.database.query(
      `ALTER TABLE outbox ADD CONSTRAINT refuse CHECK (type <> 'OrderCancelRequested') NOT VALID`,
    );
    try {
      expect((await cancel({ id, key: 'no event' })).statusCode).toBe(500);
    } finally {
      await order.database.query('ALTER TABLE outbox DROP CONSTRAINT refuse');
    }
    expect(await view(id)).not.toHaveProperty('cancelRequested');
    expect(await keptAnswers()).toBe(before);
    expect((await cancel({ id, key: 'no event' })).statusCode).toBe(202);
    expect(await keptAnswers()).toBe(before + 1);
  });

  test('is told with an id that follows from the order, and the trace of its request', async () => {
    const id = await newOrder();
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const headers = { traceparent: `00-${trace}-b7ad6b7169203331-01` };
    await cancel({ id, key: 'told', headers });
    const [row, ...more] = await wishes(id);
    expect(more).toEqual([]);
    const ownSpan: unknown = expect.stringMatching(`^00-${trace}-(?!b7ad6b7169203331)`);
    expect(row).toMatchObject({
      id: eventId(orderPlacedId(id), 'OrderCancelRequested'),
      aggregatetype: 'order',
      causation_id: orderPlacedId(id),
      partition: partitionOf(id, 4),
      traceparent: ownSpan,
    });
    const [stored] = await order.database.query<{ at: Date }>(
      'SELECT cancel_requested_at AS at FROM orders WHERE id = $1',
      [id],
    );
    expect(JSON.parse(String(row?.['payload']))).toEqual({
      orderId: id,
      customerId: customer.customerId,
      occurredAt: stored?.at.toISOString(),
    });
  });

  test('takes an empty object for a body, and refuses anything else', async () => {
    const id = await newOrder();
    const bodies: [object | string, number][] = [
      [{ reason: 'too late' }, 400],
      ['[]', 400],
      ['null', 400],
      ['{', 400],
      [{}, 202],
    ];
    for (const [payload, status] of bodies) {
      const headers = { 'content-type': 'application/json' };
      const answer = await cancel({ id, key: 'body', payload, headers });
      expect([payload, answer.statusCode]).toEqual([payload, status]);
    }
    expect(await wishes(id)).toHaveLength(1);
  });
});

describe('a wish that is repeated', () => {
  test('with its key gets the first answer again, whatever has happened since', async () => {
    const id = await newOrder();
    const first = await cancel({ id, key: 'again' });
    await order.hear([approved(id), cancelled(id)]);
    const again = await cancel({ id, key: 'again' });
    expect(again.statusCode).toBe(202);
    expect(again.rawPayload.equals(first.rawPayload)).toBe(true);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(await wishes(id)).toHaveLength(1);
  });

  test('with another key is taken again, and told nobody twice', async () => {
    const id = await newOrder();
    await cancel({ id, key: 'one key' });
    const second = await cancel({ id: id.toUpperCase(), key: 'another key' });
    expect(second.statusCode).toBe(202);
    expect(second.headers['idempotent-replayed']).toBeUndefined();
    expect(second.json()).toMatchObject({ id, cancelRequested: true });
    expect(await wishes(id)).toHaveLength(1);
  });

  test('twenty at once, half with one key and half with keys of their own: one event', async () => {
    const id = await newOrder();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => cancel({ id, key: n % 2 ? 'race' : `race ${n}` })),
    );
    const statuses = answers.map(({ statusCode }) => statusCode);
    expect(statuses.filter((status) => status === 202).length).toBeGreaterThanOrEqual(11);
    expect(statuses.filter((status) => ![202, 409].includes(status))).toEqual([]);
    expect(await wishes(id)).toHaveLength(1);
  });

  test('while the first one still runs is asked to come again', async () => {
    const id = await newOrder();
    // Holds the first request up at the order's row, with its key taken and nothing committed.
    const holder = order.app.get(DataSource).createQueryRunner();
    await holder.startTransaction();
    await holder.query('SELECT FROM orders WHERE id = $1 FOR UPDATE', [id]);
    const first = cancel({ id, key: 'slow' });
    await until({ what: 'the first request waits for the row', withinMs: 4_000 }, async () => {
      const waiting = await order.database.query('SELECT FROM pg_locks WHERE NOT granted');
      return waiting.length > 0;
    });
    const second = await cancel({ id, key: 'slow' });
    expect(second.statusCode).toBe(409);
    expect(second.headers['retry-after']).toBe('1');
    expect(second.json()).toMatchObject({ type: '/problems/still-running' });
    await holder.commitTransaction();
    await holder.release();
    const { body } = await first;
    expect((await cancel({ id, key: 'slow' })).body).toBe(body);
  });

  test('with its key for another order is refused', async () => {
    const [id, other] = [await newOrder(), await newOrder()];
    await cancel({ id, key: 'reused' });
    const answer = await cancel({ id: other, key: 'reused' });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      type: '/problems/idempotency-key-reused',
      detail: 'The key was used to cancel another order.',
    });
    expect(await wishes(other)).toEqual([]);
  });

  test('with the key under which the order was placed is a request of its own', async () => {
    const { id } = (await place(order.app, customer, { key: 'shared' })).json<{ id: string }>();
    expect((await cancel({ id, key: 'shared' })).statusCode).toBe(202);
  });
});

describe('an order that is over', () => {
  test.each<[string, Say[]]>([
    ['rejected', [rejected]],
    ['payment_failed', [declined]],
    ['cancelled', [cancelled]],
    ['refunded', [refunded]],
  ])('%s: there is nothing to cancel, and nobody is told', async (status, says) => {
    const id = await newOrder();
    await order.hear(says.map((say) => say(id)));
    expect(await view(id)).toMatchObject({ status });
    const before = await keptAnswers();
    const answer = await cancel({ id, key: `over ${status}` });
    expect(answer.statusCode).toBe(409);
    expect(answer.headers['content-type']).toMatch('application/problem+json');
    expect(answer.json()).toMatchObject({ type: '/problems/already-final', status: 409 });
    expect(await wishes(id)).toEqual([]);
    expect(await keptAnswers()).toBe(before);
  });

  test.each<[string, Say]>([
    ['approved', approved],
    ['paid', paid],
    ['booked', booked],
  ])('%s is not: it can be cancelled', async (status, say) => {
    const id = await newOrder();
    await order.hear([say(id)]);
    const answer = await cancel({ id, key: `not over ${status}` });
    expect(answer.json()).toMatchObject({ status, cancelRequested: true });
    expect(await wishes(id)).toHaveLength(1);
  });
});

describe('who may not', () => {
  test("another's order, an unknown one and nonsense are all the same 404", async () => {
    const id = await newOrder();
    const stranger = await signIn(order.app);
    const bodies = new Set<string>();
    for (const wanted of [id, '0190a6b2-6f00-7000-8000-000000000001', 'nonsense', '1 OR 1=1']) {
      const answer = await cancel({ id: wanted, by: stranger, key: wanted });
      expect(answer.statusCode).toBe(404);
      bodies.add(answer.body);
    }
    expect(bodies.size).toBe(1);
    expect(await wishes(id)).toEqual([]);
    expect(await view(id)).not.toHaveProperty('cancelRequested');
  });

  test('a request without a key, and one without a token', async () => {
    const id = await newOrder();
    const answer = await cancel({ id, key: '' });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ type: '/problems/idempotency-key-missing' });
    const nobody = await order.app.inject({ method: 'POST', url: `/api/orders/${id}/cancel` });
    expect(nobody.statusCode).toBe(401);
    expect(await wishes(id)).toEqual([]);
  });
});
