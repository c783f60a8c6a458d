import { operations } from '@checkout/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  bearer,
  type Customer,
  orderApplication,
  type OrderApplication,
  placed,
  signIn,
} from './testing/order-application.js';

let order: OrderApplication;
let owner: Customer;
let stranger: Customer;
let id: string;
beforeAll(async () => {
  order = await orderApplication();
  [owner, stranger] = [await signIn(order.app), await signIn(order.app)];
  id = await placed(order.app, owner, 'to be looked at');
});
afterAll(() => order.stop());

const documented = operations.order.map(({ method, path }) => `${method} ${path}`);
const forCustomers = operations.order.filter(({ access }) => access === 'customer');

test('the routes and the OpenAPI document are the same list', () => {
  const routes = order.routes
    .filter((route) => /^(GET|POST|PUT|PATCH|DELETE) \/(?!internal\/)/.test(route))
    .map((route) => route.replaceAll(/:(\w+)/g, '{$1}'));
  expect(routes.toSorted()).toEqual(documented.toSorted());
});

test.each(forCustomers)('$method $path is closed without a token', async ({ method, path }) => {
  const url = path.replace('{id}', id);
  expect((await order.app.inject({ method, url })).statusCode).toBe(401);
});

describe("another's order", () => {
  /** For each route that names an order: how its owner's request is answered. */
  const ofOwner: Readonly<Record<string, number>> = {
    'GET /api/orders/{id}': 200,
    'POST /api/orders/{id}/cancel': 202,
  };

  test('is looked for on every route that names one', () => {
    const naming = documented.filter((route) => route.includes('{id}'));
    expect(naming.toSorted()).toEqual(Object.keys(ofOwner).toSorted());
  });

  test.each(Object.entries(ofOwner))('%s is 404, and its owner gets %i', async (route, status) => {
    const [method, path] = route.split(' ') as ['GET' | 'POST', string];
    const url = path.replace('{id}', id);
    const ask = (who: Customer) =>
      order.app.inject({ method, url, headers: { ...bearer(who), 'idempotency-key': 'a key' } });
    const refused = await ask(stranger);
    expect(refused.statusCode).toBe(404);
    expect(refused.json()).toMatchObject({ type: '/problems/not-found' });
    expect(refused.body).not.toContain(owner.customerId);
    expect((await ask(owner)).statusCode).toBe(status);
  });
});
