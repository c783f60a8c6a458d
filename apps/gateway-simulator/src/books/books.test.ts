import 'reflect-metadata';
import { freshDatabase, type FreshDatabase } from '@checkout/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { feeOf } from '../payment-intents/fees.js';
import { GatewayUnderTest } from '../testing/gateway-under-test.js';

let database: FreshDatabase;
let gateway: GatewayUnderTest;

beforeAll(async () => {
  database = await freshDatabase();
  gateway = await GatewayUnderTest.start(database.url);
  for (const n of [1, 2, 3, 4, 5]) {
    const intent = await gateway.intentOf(`order-${n}`);
    const card = n === 3 ? 'pm_card_visa_chargeDeclinedInsufficientFunds' : 'pm_card_visa';
    await gateway.confirm(intent, `order-${n}:confirm:1`, card);
  }
}, 30_000);
afterAll(async () => {
  await gateway.stop();
  await database.drop();
});

test('a charge is booked with what an auditor compares', async () => {
  const { data } = (await gateway.get('/books/charges?orderId=order-1')).body;
  expect(data).toEqual([
    {
      id: expect.stringMatching(/^ch_/) as string,
      paymentIntent: expect.stringMatching(/^pi_/) as string,
      orderId: 'order-1',
      amount: 4200,
      currency: 'eur',
      status: 'succeeded',
      failureCode: null,
      declineCode: null,
      fee: feeOf(4200),
      metadata: { order_id: 'order-1' },
      idempotencyKey: 'order-1:confirm:1',
      created: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    },
  ]);
});

test('declined charges are in the books, too', async () => {
  const { data } = (await gateway.get('/books/charges?orderId=order-3')).body;
  expect(data).toEqual([
    expect.objectContaining({ status: 'failed', declineCode: 'insufficient_funds', fee: null }),
  ]);
});

test.each([1, 2, 3, 1000])('pages of %s rows show every row once, in order', async (limit) => {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const from: string = cursor === null ? '' : `&cursor=${cursor}`;
    const page = (await gateway.get(`/books/charges?limit=${limit}${from}`)).body;
    expect(page.data.length).toBeLessThanOrEqual(limit);
    ids.push(...page.data.map((row) => row.id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(ids).toHaveLength(5);
  expect(new Set(ids).size).toBe(5);
});

test('every request is in the log with its key, its parameters and its answer', async () => {
  const { data } = (await gateway.get('/books/requests?orderId=order-3')).body;
  expect(data).toHaveLength(2);
  expect(data[1]).toEqual(
    expect.objectContaining({
      method: 'POST',
      path: expect.stringMatching(/^\/v1\/payment_intents\/pi_.*\/confirm$/) as string,
      idempotencyKey: 'order-3:confirm:1',
      parametersHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      status: 402,
      replayed: false,
      fault: null,
    }),
  );
});

test('a look (GET) is in the log as well', async () => {
  const intent = await gateway.intentOf('order-9');
  await gateway.get(`/v1/payment_intents/${intent}`);
  const { data } = (await gateway.get('/books/requests?orderId=order-9')).body;
  expect(data.map((row) => row.method)).toEqual(['POST', 'GET']);
});

test('nothing has been refunded', async () => {
  expect((await gateway.get('/books/refunds')).body).toEqual({ data: [], nextCursor: null });
});

test.each(['charges', 'requests', 'answers'])('nobody can change or delete %s', async (table) => {
  const [row] = await database.query<{ count: string }>(`SELECT count(*) FROM ${table}`);
  expect(Number(row?.count)).toBeGreaterThan(0);
  for (const change of [`UPDATE ${table} SET created = now()`, `DELETE FROM ${table}`]) {
    await expect(database.query(change)).rejects.toThrow('append-only');
  }
  await expect(database.query(`TRUNCATE ${table} CASCADE`)).rejects.toThrow('append-only');
});

test.each([['limit=0'], ['limit=1001'], ['cursor=x'], ['from=1']])(
  '%s is refused',
  async (query) => {
    expect((await gateway.get(`/books/charges?${query}`)).status).toBe(400);
  },
);

// docs.stripe.com/api/authentication: no valid key, no answer; here only test keys are valid.
test.each([
  ['no key', undefined],
  ['a live key', 'Bearer sk_live_x'],
  ['a publishable key', 'Bearer pk_test_x'],
])('with %s the API answers 401', async (_what, authorization) => {
  const headers: Record<string, string> = authorization ? { authorization } : {};
  const answer = await gateway.call('/v1/payment_intents/pi_x', { headers });
  expect(answer.status).toBe(401);
  expect(answer.body.error.type).toBe('invalid_request_error');
});

test.each([
  [100, 26],
  [1_000, 39],
  [4_200, 84],
  [2_500, 60],
  [3_536, 75],
  [10, 10],
])('the fee of %s minor units is %s', (amount, fee) => {
  expect(feeOf(amount)).toBe(fee);
});
