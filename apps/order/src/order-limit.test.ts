import type { App } from '@checkout/nest-service';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentOf } from './testing/database-content.js';
import {
  applicationOn,
  bearer,
  configFor,
  type Customer,
  orderApplication,
  type OrderApplication,
  place,
  signIn,
} from './testing/order-application.js';

const LIMIT = 5;

let order: OrderApplication;
let replica: App;
beforeAll(async () => {
  order = await orderApplication({ ORDER_REQUESTS_PER_MINUTE: LIMIT });
  const config = { ...configFor(order.database.url), ORDER_REQUESTS_PER_MINUTE: LIMIT };
  replica = await applicationOn(config);
});
afterAll(async () => {
  await replica.close();
  await order.stop();
});

async function statuses(app: App, who: Customer, count: number): Promise<number[]> {
  const all: number[] = [];
  for (let n = 0; n < count; n++) {
    all.push((await place(app, who, { key: `key ${n % 2}` })).statusCode);
  }
  return all;
}

test('a customer whose program does not pause has to wait, and nobody else', async () => {
  const [hasty, other] = [await signIn(order.app), await signIn(order.app)];
  expect(await statuses(order.app, hasty, LIMIT)).toEqual([201, 201, 201, 201, 201]);

  const before = await contentOf(order.database);
  const refused = await place(order.app, hasty, { key: 'one too many' });
  expect(refused.statusCode).toBe(429);
  expect(refused.json()).toMatchObject({ type: '/problems/too-many-requests', status: 429 });
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
  expect(await contentOf(order.database)).toEqual(before);

  expect((await place(order.app, other, { key: 'one too many' })).statusCode).toBe(201);
  const own = await order.app.inject({ url: '/api/orders', headers: bearer(hasty) });
  expect(own.statusCode, 'looking is free').toBe(200);
});

test('each replica counts for itself', async () => {
  const hasty = await signIn(order.app);
  expect((await statuses(order.app, hasty, LIMIT + 1)).at(-1)).toBe(429);
  expect((await statuses(replica, hasty, LIMIT + 1)).indexOf(429)).toBe(LIMIT);
});
