import { operations } from '@checkout/api';
import { holdsCardNumber } from '@checkout/nest-service';
import type { Documented } from '@checkout/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { now } from './clock.js';
import {
  bodyText,
  faultsIn,
  type GeneratedRequest,
  requestTo,
} from './testing/arbitrary-request.js';
import type { Known } from './testing/arbitrary-value.js';
import {
  bearer,
  contract,
  type Customer,
  orderApplication,
  type OrderApplication,
  placed,
  signIn,
} from './testing/order-application.js';

/**
 * Requests drawn from the OpenAPI document: what it allows and what it forbids, held against the
 * whole service on a real PostgreSQL. Each answer is held against the document, too.
 */
const REQUESTS = 5_000;
/** It takes half a minute; the limit is for a machine that does ten other things. */
const AT_MOST_MS = 5 * 60_000;
/** To see a failure again: `SEED=… npx vitest run src/generated-requests.test.ts`. */
const seed = Number(process.env['SEED'] ?? now().getTime() % 2 ** 31);

/** A stream has no end; its own tests read it. */
const asked = operations.order
  .filter(({ id }) => id !== 'followOrders')
  .map(({ method, path }) => contract.find(method, path) as Documented);

let order: OrderApplication;
let customer: Customer;
let known: Known;
beforeAll(async () => {
  order = await orderApplication();
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

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly faults: readonly string[];
}
const answers: Answer[] = [];

async function ask(request: GeneratedRequest): Promise<Answer> {
  const { operation, signedIn, path, query, header, body, contentType } = request;
  const { method } = operation;
  const url = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(path[name] ?? ''),
  );
  const search = new URLSearchParams(given(query));
  const answer = await order.app.inject({
    method: method as 'POST',
    url: search.size > 0 ? `${url}?${search}` : url,
    headers: {
      ...given(header),
      ...(signedIn ? bearer(customer) : {}),
      ...(body === undefined ? {} : { 'content-type': contentType }),
    },
    ...(body === undefined ? {} : { payload: bodyText(request) }),
  });
  const isProblem = String(answer.headers['content-type']).includes('problem');
  const type = isProblem ? answer.json<{ type: string }>().type.replace('/problems/', '') : '';
  return { status: answer.statusCode, type, faults: faultsIn(request, contract) };
}

const given = (texts: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)) as Record<
    string,
    string
  >;

/** Understood, and then done, or refused for what it means. */
const UNDERSTOOD = [200, 201, 202, 404, 409, 422];

function expectFair({ status, type, faults }: Answer, request: GeneratedRequest): void {
  expect(status, 'a fault of ours').toBeLessThan(500);
  if (faults.length > 0) {
    expect(status, `accepted, although ${faults.join(', ')}`).toBeGreaterThanOrEqual(400);
  } else if (type === 'card-number') {
    expect(holdsCardNumber(JSON.stringify(request))).toBe(true);
  } else {
    expect(UNDERSTOOD, `refused with ${status} ${type}`).toContain(status);
  }
}

test(
  `${REQUESTS} requests drawn from the document: none breaks us, none forbidden is accepted`,
  async () => {
    console.log(`seed ${seed}`);
    const requests = fc.oneof(
      ...asked.map((operation) => ({
        weight: operation.path === '/api/orders' ? 3 : 1,
        arbitrary: requestTo(operation, known),
      })),
    );
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const answer = await ask(request);
        answers.push(answer);
        expectFair(answer, request);
      }),
      { numRuns: REQUESTS, seed },
    );
  },
  AT_MOST_MS,
);

test('both kinds were there, and each answer that the document has for them', () => {
  expect(answers.length).toBeGreaterThanOrEqual(REQUESTS);
  const forbidden = answers.filter(({ faults }) => faults.length > 0).length;
  expect(forbidden).toBeGreaterThan(REQUESTS / 5);
  expect(forbidden).toBeLessThan((REQUESTS / 5) * 4);
  const met = new Set(answers.map(({ status }) => status));
  expect([...met].sort()).toEqual([200, 201, 202, 400, 401, 404, 409, 415, 422]);
});

test('each order that was promised is there, once, and no other', async () => {
  const [row] = await order.database.query<Record<'orders' | 'keys', string>>(
    `SELECT (SELECT count(*) FROM orders) AS orders,
       (SELECT count(*) FROM idempotency_keys WHERE route = 'POST /api/orders') AS keys`,
  );
  expect(Number(row?.orders)).toBe(Number(row?.keys));
  expect(Number(row?.orders)).toBeGreaterThan(REQUESTS / 100);
});
