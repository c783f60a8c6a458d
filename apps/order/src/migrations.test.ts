import { freshDatabase, type FreshDatabase } from '@checkout/testkit';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CreateOrders } from './migrations/0001-create-orders.js';
import { OpenCatalogue } from './migrations/0002-open-catalogue.js';
import { applicationOn, configFor } from './testing/order-application.js';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
}, 30_000);
afterAll(async () => {
  await database.drop();
});

test('replicas that start together migrate once, and a later one not at all', async () => {
  const together = await Promise.all([1, 2, 3].map(() => applicationOn(configFor(database.url))));
  const later = await applicationOn(configFor(database.url));
  for (const app of [...together, later]) await app.close();

  const done = await database.query('SELECT name FROM migrations ORDER BY id');
  expect(done).toEqual([
    { name: 'CreateOrders1700000000001' },
    { name: 'OpenCatalogue1700000000002' },
    { name: 'CancelAndOverdue1700000000003' },
    { name: 'KeysByAge1700000000004' },
    { name: 'TellWishes1700000000005' },
    { name: 'LevelsByBucket1700000000006' },
  ]);
});

test('six products are on the shelf, and the stock of each is told once', async () => {
  const told = await database.query<{ sku: string; quantity: number; available: string }>(
    `SELECT sku, (payload::json ->> 'quantity')::int AS quantity, available, xid
     FROM products JOIN outbox ON aggregateid = sku AND type = 'StockAdded'
     WHERE aggregatetype = 'catalogue' ORDER BY position`,
  );
  expect(told.map(({ sku, quantity }) => [sku, quantity])).toEqual([
    ['espresso-cup', 10_000_000],
    ['limited-print', 10],
    ['coffee-beans', 100_000],
    ['hand-mill', 5_000],
    ['milk-jug', 20_000],
    ['recipe-book', 50_000],
  ]);
  expect(told.map(({ quantity, available }) => [quantity, Number(available)])).toEqual(
    told.map(({ quantity }) => [quantity, quantity]),
  );
});

test('what was left before the stock was divided is what is left at home', async () => {
  const grown = await freshDatabase();
  try {
    const migrations = [CreateOrders, OpenCatalogue];
    const before = new DataSource({ type: 'postgres', url: grown.url, migrations });
    await before.initialize();
    await before.runMigrations();
    await before.query(
      `UPDATE products SET available = 7, level_partition = 3, level_offset = 99
       WHERE sku = 'milk-jug'`,
    );
    await before.destroy();
    const app = await applicationOn(configFor(grown.url));
    await app.close();

    const levels = await grown.query('SELECT bucket, available, "offset" FROM stock_levels');
    expect(levels).toEqual([{ bucket: 'milk-jug/0', available: '7', offset: '-1' }]);
  } finally {
    await grown.drop();
  }
});
