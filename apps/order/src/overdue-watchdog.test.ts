import { eventId, orderPlacedId, partitionOf } from '@checkout/events';
import { until } from '@checkout/testkit';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { overdueWatchdog } from './overdue-watchdog.js';
import { tellOverdue } from './tell-overdue.handler.js';
import { approved, rejected } from './testing/deliveries.js';
import {
  type Customer,
  orderApplication,
  type OrderApplication,
  placed,
  quiet,
  signIn,
} from './testing/order-application.js';

const MINUTE_MS = 60_000;

let order: OrderApplication;
let customer: Customer;
let dataSource: DataSource;
beforeAll(async () => {
  order = await orderApplication();
  customer = await signIn(order.app);
  dataSource = order.app.get(DataSource);
}, 30_000);
afterAll(() => order.stop());
/** Each test has its own late orders. */
beforeEach(() => order.database.query('UPDATE orders SET overdue_at = now()'));

let orders = 0;
const newOrder = () => placed(order.app, customer, `order ${(orders += 1)}`);
const setBack = (ids: readonly string[], ms: number) =>
  order.database.query(
    `UPDATE orders SET placed_at = placed_at - $2 * interval '1 millisecond' WHERE id = ANY ($1)`,
    [ids, ms],
  );
/** An order that was placed so many milliseconds ago. */
async function placedAgo(ms: number): Promise<string> {
  const id = await newOrder();
  await setBack([id], ms);
  return id;
}
const look = (atMost = 100) =>
  dataSource.transaction((tx) => tellOverdue(tx, { afterMs: MINUTE_MS, atMost }));
const told = (...ids: string[]) =>
  order.database.query<Record<string, unknown>>(
    `SELECT * FROM outbox WHERE aggregateid = ANY ($1) AND type = 'OrderOverdue'`,
    [ids],
  );

describe('an order that nobody has decided in time', () => {
  test('is told once, with an id that follows from the order', async () => {
    const id = await placedAgo(MINUTE_MS + 1_000);
    expect(await look()).toEqual([id]);
    expect(await look()).toEqual([]);
    const [row, ...more] = await told(id);
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      id: eventId(orderPlacedId(id), 'OrderOverdue'),
      aggregatetype: 'order',
      causation_id: orderPlacedId(id),
      partition: partitionOf(id, 4),
    });
    const [stored] = await order.database.query<{ at: Date }>(
      'SELECT overdue_at AS at FROM orders WHERE id = $1',
      [id],
    );
    expect(JSON.parse(String(row?.['payload']))).toEqual({
      orderId: id,
      occurredAt: stored?.at.toISOString(),
    });
  });

  test('is not told before its time, nor when it has moved on', async () => {
    const early = await placedAgo(MINUTE_MS - 5_000);
    const [gone, refused] = [await placedAgo(2 * MINUTE_MS), await placedAgo(2 * MINUTE_MS)];
    await order.hear([approved(gone), rejected(refused)]);
    expect(await look()).toEqual([]);
    expect(await told(early, gone, refused)).toEqual([]);
  });

  test('and the note of it are one database transaction', async () => {
    const id = await placedAgo(2 * MINUTE_MS);
    const failing = dataSource.transaction(async (tx) => {
      await tellOverdue(tx, { afterMs: MINUTE_MS, atMost: 10 });
      throw new Error('died before the commit');
    });
    await expect(failing).rejects.toThrow('before the commit');
    expect(await told(id)).toEqual([]);
    expect(await look()).toEqual([id]);
    expect(await told(id)).toHaveLength(1);
  });

  test('is told by one of two replicas that look at one moment', async () => {
    const ids = [await placedAgo(3 * MINUTE_MS), await placedAgo(2 * MINUTE_MS)];
    await dataSource.transaction(async (tx) => {
      const first = await tellOverdue(tx, { afterMs: MINUTE_MS, atMost: 1 });
      expect(first, 'the oldest comes first').toEqual(ids.slice(0, 1));
      expect(await look()).toEqual(ids.slice(1));
    });
    expect(await look()).toEqual([]);
    expect(await told(...ids)).toHaveLength(2);
  });
});

describe('the watchdog', () => {
  test('five replicas find a backlog of many, each order once', async () => {
    const ids = await Promise.all(Array.from({ length: 250 }, newOrder));
    await setBack(ids, 2 * MINUTE_MS);
    const watchdogs = Array.from({ length: 5 }, () =>
      overdueWatchdog({ dataSource, afterMs: MINUTE_MS, log: quiet }),
    );
    for (const watchdog of watchdogs) await watchdog.start();
    await until({ what: 'all are told', withinMs: 10_000 }, async () => {
      return (await told(...ids)).length === ids.length;
    });
    for (const watchdog of watchdogs) await watchdog.stop();
    expect(await told(...ids)).toHaveLength(ids.length);
  }, 30_000);

  test('goes on after a look that failed', async () => {
    const warned: string[] = [];
    const noting = { ...quiet, warn: (_fields: object, message: string) => warned.push(message) };
    const id = await placedAgo(2 * MINUTE_MS);
    await order.database.query('ALTER TABLE outbox RENAME TO outbox_away');
    const watchdog = overdueWatchdog({ dataSource, afterMs: MINUTE_MS, log: noting });
    await watchdog.start();
    try {
      await until({ what: 'a look fails', withinMs: 5_000 }, () => warned.length > 0);
    } finally {
      await order.database.query('ALTER TABLE outbox_away RENAME TO outbox');
    }
    await until({ what: 'the next one works', withinMs: 5_000 }, async () => {
      return (await told(id)).length === 1;
    });
    await watchdog.stop();
    expect(warned[0]).toMatch(/the next look tries again/);
  });
});

test('a look reads the undecided orders of an index, and not the whole table', async () => {
  const plan = await order.database.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN SELECT id FROM orders WHERE status = 'placed' AND overdue_at IS NULL
     AND placed_at <= statement_timestamp() - 60000 * interval '1 millisecond'
     ORDER BY placed_at LIMIT 200 FOR UPDATE SKIP LOCKED`,
  );
  expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('orders_undecided');
});
