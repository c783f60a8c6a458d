import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { badAddresses } from './testing/bad/addresses.js';
import { badBytes } from './testing/bad/bytes.js';
import { cardNumbers, CARDS } from './testing/bad/card-numbers.js';
import { badFields } from './testing/bad/fields.js';
import { badMeanings } from './testing/bad/meanings.js';
import type { BadRequest, Sent } from './testing/bad/request.js';
import { everyRow, rowsByTable } from './testing/database-content.js';
import {
  bearer,
  type Customer,
  orderApplication,
  type OrderApplication,
  place,
  signIn,
  twoCups,
} from './testing/order-application.js';

/**
 * Everything that is wrong with a request, as one table: what is sent, what is answered, why so,
 * and that the database holds nothing of it. The rows lie in testing/bad.
 */
let order: OrderApplication;
let customer: Customer;
beforeAll(async () => {
  order = await orderApplication();
  customer = await signIn(order.app);
});
afterAll(() => order.stop());

const someText: unknown = expect.stringMatching(/\S/);
const anyText: unknown = expect.any(String);

let requests = 0;
function send({ method = 'POST', url = '/api/orders', headers = {}, body }: Sent, key: string) {
  const all = {
    ...bearer(customer),
    ...(method === 'GET' ? {} : { 'content-type': 'application/json', 'idempotency-key': key }),
    ...headers,
  };
  const sent = Object.entries(all).filter(([, value]) => value !== null);
  return order.app.inject({
    method,
    url,
    headers: Object.fromEntries(sent) as Record<string, string>,
    ...(body === undefined ? {} : { payload: body }),
  });
}

async function expectAnswer({ send: request, answer: expected }: BadRequest): Promise<void> {
  const key = `bad ${(requests += 1)}`;
  if (request.first) await place(order.app, customer, { key, body: request.first });
  const before = await rowsByTable(order.database);
  const answer = await send(request, key);
  const [status, type] = expected.split(' ');
  expect(answer.statusCode, answer.body).toBe(Number(status));
  if (!type) return;

  expect(answer.headers['content-type']).toMatch('application/problem+json');
  const problem = answer.json<Record<string, unknown>>();
  expect(problem).toMatchObject({
    type: `/problems/${type}`,
    title: someText,
    status: Number(status),
    detail: someText,
  });
  if (type === 'invalid-request') {
    expect(problem['errors']).toContainEqual({ path: anyText, message: someText });
  }
  expect(answer.body).not.toMatch(/ at .*\.[jt]s|node_modules|SELECT|SyntaxError/);
  expect(await rowsByTable(order.database)).toEqual(before);
}

describe.each([
  ['fields and numbers', badFields],
  ['lines, products and money', badMeanings],
  ['bytes, limits and content types', badBytes],
  ['keys, addresses and injected text', badAddresses],
  ['card numbers', cardNumbers],
])('%s:', (_name, rows) => {
  test.each(rows)('$what: $answer, because $because', (row) => expectAnswer(row));
});

/** Those of the table, however they were grouped. */
function cardNumbersIn(content: string): string[] {
  const digits = content.replaceAll(/[ -]/g, '');
  return CARDS.filter((card) => digits.includes(card));
}

describe('afterwards', () => {
  test('the database has orders, and nothing of a card number in any table', async () => {
    const content = await everyRow(order.database);
    expect(content.includes('pm_card_visa')).toBe(true);
    expect(cardNumbersIn(content)).toEqual([]);
  });

  test('neither has the log', () => {
    const log = order.logged.join('\n');
    expect(log.includes('placed')).toBe(true);
    expect(cardNumbersIn(log)).toEqual([]);
  });

  test('no request was a fault of ours', () => {
    expect(order.logged.filter((line) => line.includes('reason of our own'))).toEqual([]);
  });

  test('a refused key is free: the corrected request places the order', async () => {
    const wrong = { ...twoCups, lines: [{ sku: 'tea-pot', quantity: 1 }] };
    const refused = await place(order.app, customer, { key: 'second try', body: wrong });
    expect(refused.statusCode).toBe(422);
    expect((await place(order.app, customer, { key: 'second try' })).statusCode).toBe(201);
  });

  test('a field that is wrong is named by its path', async () => {
    const wrong = {
      lines: [
        { sku: 'espresso-cup', quantity: 1 },
        { sku: 1, quantity: 0 },
      ],
      a: 1,
    };
    const answer = await place(order.app, customer, { key: 'paths', body: wrong });
    const paths = answer.json<{ errors: { path: string }[] }>().errors.map(({ path }) => path);
    expect(paths).toEqual(['lines.1.sku', 'lines.1.quantity', 'paymentMethod', '']);
  });
});
