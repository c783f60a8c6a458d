import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  bearer,
  type Customer,
  orderApplication,
  type OrderApplication,
  place,
  placed,
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

async function ordersStored(): Promise<string> {
  const [row] = await order.database.query<{ n: string }>(
    `SELECT (SELECT count(*) FROM orders) || '/' || (SELECT count(*) FROM idempotency_keys)
       || '/' || (SELECT count(*) FROM outbox WHERE aggregatetype = 'order') AS n`,
  );
  return row!.n;
}

const cup = { sku: 'espresso-cup', quantity: 1 };
const lines = (...list: unknown[]) => ({ ...twoCups, lines: list });
const raw = (text: string) => text;
const someText: unknown = expect.any(String);
const isoTime: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/);

describe('a body that is refused leaves nothing behind', () => {
  test.each<[string, unknown, string]>([
    ['no lines', lines(), '400 invalid-request'],
    ['51 lines', lines(...Array.from({ length: 51 }, () => cup)), '400 invalid-request'],
    ['no payment method', { lines: [cup] }, '400 invalid-request'],
    [
      'a payment method of another kind',
      { ...twoCups, paymentMethod: 'tok_visa' },
      '400 invalid-request',
    ],
    ['quantity 0', lines({ ...cup, quantity: 0 }), '400 invalid-request'],
    ['quantity -1', lines({ ...cup, quantity: -1 }), '400 invalid-request'],
    ['quantity 0.5', lines({ ...cup, quantity: 0.5 }), '400 invalid-request'],
    ['quantity "2"', lines({ ...cup, quantity: '2' }), '400 invalid-request'],
    ['quantity 2^31', lines({ ...cup, quantity: 2 ** 31 }), '400 invalid-request'],
    [
      'quantity 1e309',
      raw('{"lines":[{"sku":"espresso-cup","quantity":1e309}],"paymentMethod":"pm_x"}'),
      '400 invalid-request',
    ],
    [
      'a price',
      lines({ ...cup, unitPrice: { amount: '1', currency: 'EUR' } }),
      '400 invalid-request',
    ],
    ['a total', { ...twoCups, total: '1' }, '400 invalid-request'],
    ['a status', { ...twoCups, status: 'paid' }, '400 invalid-request'],
    [
      'a customer',
      { ...twoCups, customerId: '0190a6b2-6f00-7000-8000-000000000001' },
      '400 invalid-request',
    ],
    ['a constructor', { ...twoCups, constructor: {} }, '400 invalid-request'],
    [
      'an expected total in words',
      { ...twoCups, expectedTotal: { amount: '42.00', currency: 'EUR' } },
      '400 invalid-request',
    ],
    ['SQL in a sku', lines({ ...cup, sku: "'; DROP TABLE orders; --" }), '400 invalid-request'],
    ['a list', [], '400 invalid-request'],
    ['null', raw('null'), '400 invalid-request'],
    ['a prototype', raw('{"__proto__":{"admin":true}}'), '400 malformed-request'],
    ['half a body', raw('{"lines":'), '400 malformed-request'],
    ['nothing', raw(''), '400 malformed-request'],
    ['64 KiB and more', raw(`{"lines":"${'x'.repeat(65_536)}"}`), '413 too-large'],
    ['a product that is not there', lines({ ...cup, sku: 'tea-pot' }), '422 unknown-product'],
    ['a product twice', lines(cup, cup), '422 repeated-product'],
    ['a total of nine digits', lines({ ...cup, quantity: 50_000 }), '422 total-too-large'],
    [
      'another total than expected',
      { ...twoCups, expectedTotal: { amount: '4100', currency: 'EUR' } },
      '409 price-changed',
    ],
    ['a card number', { ...twoCups, paymentMethod: 'pm_4242424242424242' }, '400 card-number'],
    [
      'a card number in a field of its own',
      { ...twoCups, card: '4000 0566 5566 5556' },
      '400 card-number',
    ],
  ])('%s', async (name, payload, refusal) => {
    const [status, type] = refusal.split(' ');
    const before = await ordersStored();
    const answer = await order.app.inject({
      method: 'POST',
      url: '/api/orders',
      headers: {
        ...bearer(customer),
        'idempotency-key': name,
        'content-type': 'application/json',
      },
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    });
    expect(answer.statusCode).toBe(Number(status));
    expect(answer.headers['content-type']).toMatch('application/problem+json');
    expect(answer.json()).toMatchObject({
      type: `/problems/${type}`,
      title: someText,
      status: Number(status),
      detail: someText,
    });
    if (type === 'invalid-request') {
      const { errors } = answer.json<{ errors: object[] }>();
      expect(errors[0]).toEqual({ path: someText, message: someText });
    }
    expect(await ordersStored()).toBe(before);
  });

  test('and a refused key is free: the corrected request places the order', async () => {
    const wrong = await place(order.app, customer, {
      key: 'second try',
      body: lines({ ...cup, sku: 'tea-pot' }),
    });
    expect(wrong.statusCode).toBe(422);
    expect((await place(order.app, customer, { key: 'second try' })).statusCode).toBe(201);
  });

  test('and what was refused as a card number is in no log and in no answer', async () => {
    const answer = await place(order.app, customer, {
      key: 'card',
      body: { ...twoCups, card: '4242424242424242' },
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.body).not.toContain('4242424242');
    expect(order.logged.join('\n')).not.toContain('4242424242');
  });
});

describe('an Idempotency-Key', () => {
  const placeWith = (headers: Record<string, string>) =>
    order.app.inject({
      method: 'POST',
      url: '/api/orders',
      headers: { ...bearer(customer), ...headers },
      payload: twoCups,
    });

  test.each<[string, Record<string, string>]>([
    ['is needed', {}],
    ['must not be empty', { 'idempotency-key': '' }],
    ['has 255 characters at most', { 'idempotency-key': 'k'.repeat(256) }],
    ['is ASCII', { 'idempotency-key': 'schlüssel' }],
    ['is printable', { 'idempotency-key': 'a\u0007b' }],
  ])('%s', async (_name, headers) => {
    const before = await ordersStored();
    const answer = await placeWith(headers);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ type: '/problems/idempotency-key-missing' });
    expect(await ordersStored()).toBe(before);
  });

  test('of 255 characters, with spaces and quotes, is a key', async () => {
    const key = `"a key's ${'k'.repeat(246)}`;
    expect(key.length).toBe(255);
    expect((await placeWith({ 'idempotency-key': key })).statusCode).toBe(201);
  });
});

describe('reading orders', () => {
  const read = (url: string, by: Customer) => order.app.inject({ url, headers: bearer(by) });

  test('own order, as it stands', async () => {
    const id = await placed(order.app, customer, 'to be read');
    const answer = await read(`/api/orders/${id}`, customer);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      id,
      status: 'placed',
      version: 1,
      customerId: customer.customerId,
      lines: [{ sku: 'espresso-cup', quantity: 2, unitPrice: { amount: '2100', currency: 'EUR' } }],
      total: { amount: '4200', currency: 'EUR' },
      placedAt: isoTime,
      history: [{ status: 'placed', at: isoTime }],
    });
    expect((await read(`/api/orders/${id.toUpperCase()}`, customer)).json()).toMatchObject({ id });
  });

  test("another's order, an unknown one and nonsense are all the same 404", async () => {
    const id = await placed(order.app, await signIn(order.app), 'not yours');
    const bodies = new Set<string>();
    for (const wanted of [id, '0190a6b2-6f00-7000-8000-000000000001', 'nonsense', '1 OR 1=1']) {
      const answer = await read(`/api/orders/${encodeURIComponent(wanted)}`, customer);
      expect(answer.statusCode).toBe(404);
      bodies.add(answer.body);
    }
    expect(bodies.size).toBe(1);
  });

  test('own orders, newest first, page by page', async () => {
    const buyer = await signIn(order.app);
    const ids = [];
    for (const n of [1, 2, 3, 4, 5]) ids.unshift(await placed(order.app, buyer, `page ${n}`));
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const url: string = `/api/orders?limit=2${cursor && `&cursor=${cursor}`}`;
      const page = (await read(url, buyer)).json<{
        data: { id: string; lines: object[] }[];
        nextCursor: string | null;
      }>();
      for (const { id, lines: ordered } of page.data) {
        seen.push(id);
        expect(ordered).toHaveLength(1);
      }
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(ids);
  });

  test.each(['limit=0', 'limit=101', 'limit=-1', 'limit=NaN', 'limit=', 'cursor=x', 'page=2'])(
    '?%s is refused',
    async (query) => {
      const answer = await read(`/api/orders?${query}`, customer);
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toMatchObject({ type: '/problems/invalid-request' });
    },
  );
});
