import { operations } from '@checkout/api';
import { holdsCardNumber } from '@checkout/nest-service';
import {
  ask,
  asSent,
  type Documented,
  GeneratedRun,
  type GeneratedRequest,
  isSendable,
  type Known,
  requestTo,
} from '@checkout/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { now } from './clock.js';
import {
  contract,
  type Customer,
  orderApplication,
  type OrderApplication,
  placed,
  signIn,
} from './testing/order-application.js';

/**
 * Requests drawn from the OpenAPI document: what it allows and what it forbids, with headers and
 * fields of queries that it does not have, held against the whole service on a real PostgreSQL.
 * Each answer is held against the document, too.
 */
const REQUESTS = 5_000;
/** It takes half a minute; the limit is for a machine that does ten other things. */
const AT_MOST_MS = 5 * 60_000;
/** To see a failure again: `SEED=… npm test -w apps/order -- generated-requests`. */
const seed = Number(process.env['SEED'] ?? now().getTime() % 2 ** 31);

const asked = operations.order.map(({ method, path }) => contract.find(method, path) as Documented);
const run = new GeneratedRun(contract, asked, holdsCardNumber);

let order: OrderApplication;
let url: string;
let customer: Customer;
let known: Known;
beforeAll(async () => {
  order = await orderApplication();
  await order.app.listen(0, '127.0.0.1');
  url = await order.app.getUrl();
  customer = await signIn(order.app);
  const own = [];
  for (let n = 0; n < 5; n++) own.push(await placed(order.app, customer, `own ${n}`));
  const other = await placed(order.app, await signIn(order.app), 'of another');
  const line = fc.record({
    sku: fc.constantFrom('espresso-cup', 'hand-mill', 'milk-jug'),
    quantity: fc.integer({ min: 1, max: 9 }),
  });
  known = {
    schemas: contract.schemas,
    values: {
      id: fc.constantFrom(...own, ...own.map((id) => id.toUpperCase()), other),
      lines: fc.uniqueArray(line, { minLength: 1, maxLength: 3, selector: ({ sku }) => sku }),
      paymentMethod: fc.constant('pm_card_visa'),
      'Idempotency-Key': fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.uuid(), fc.uuid()),
    },
  };
});
afterAll(() => order.stop());

const STREAM = '/api/events';

/** Without a socket, which would not take every header; but a stream has no end. */
async function answerTo(request: GeneratedRequest) {
  const sent = asSent(request, customer.token);
  if (request.operation.path === STREAM) return ask(url, sent);
  const { method, url: path, headers, body: payload } = sent;
  const { statusCode: status, ...answer } = await order.app.inject({
    method: method as 'POST',
    url: path,
    headers,
    ...(payload !== undefined && { payload }),
  });
  return { method, url: path, status, headers: answer.headers, body: answer.body };
}

test(
  `${REQUESTS} requests drawn from the document: none breaks us, none forbidden is accepted`,
  async () => {
    console.log(`seed ${seed}`);
    const requests = fc.oneof(
      ...asked.map((operation) => ({
        weight: operation.path === '/api/orders' ? 3 : 1,
        arbitrary: requestTo(operation, known).filter(
          (request) => operation.path !== STREAM || isSendable(request),
        ),
      })),
    );
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        run.judge(request, await answerTo(request));
      }),
      { numRuns: REQUESTS, seed },
    );
  },
  AT_MOST_MS,
);

test('each operation was asked, well and wrongly, and gave each answer that it has', () => {
  console.log(run.summary());
  expect(run.gaps()).toEqual([]);
  const { allowed, forbidden } = run.total();
  expect(allowed + forbidden).toBeGreaterThanOrEqual(REQUESTS);
  expect(forbidden).toBeGreaterThan(REQUESTS / 5);
  expect(forbidden).toBeLessThan((REQUESTS / 5) * 4);
  expect(run.statuses()).toEqual([200, 201, 202, 400, 401, 404, 409, 415, 417, 422]);
});

test('each order that was promised is there, once, and no other', async () => {
  const [row] = await order.database.query<Record<'orders' | 'keys', string>>(
    `SELECT (SELECT count(*) FROM orders) AS orders,
       (SELECT count(*) FROM idempotency_keys WHERE route = 'POST /api/orders') AS keys`,
  );
  expect(Number(row?.orders)).toBe(Number(row?.keys));
  expect(Number(row?.orders)).toBeGreaterThan(REQUESTS / 100);
});
