import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { PlaceOrder } from '@checkout/api';
import type { App } from '@checkout/nest-service';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { badInputs } from './testing/bad/bad-inputs.js';
import { CARDS } from './testing/bad/card-numbers.js';
import type { BadRequest, Head, Made, Sent, World } from './testing/bad/request.js';
import { asText, contentOf, rowsMore } from './testing/database-content.js';
import {
  applicationOn,
  bearer,
  configFor,
  type Customer,
  orderApplication,
  type OrderApplication,
  place,
  placed,
  signIn,
  twoCups,
} from './testing/order-application.js';

/**
 * Everything that is wrong with a request, as one table: what is sent, what is answered, why so,
 * and that the database holds nothing of it. The rows lie in testing/bad, their numbers in
 * docs/bad-inputs.md.
 */
let order: OrderApplication;
/** Another replica, for what can only be said in bytes. */
let listening: App;
let customer: Customer;
let stranger: Customer;
let world: World;
beforeAll(async () => {
  order = await orderApplication();
  listening = await applicationOn(configFor(order.database.url), { requestTimeoutMs: 300 });
  await listening.listen(0, '127.0.0.1');
  [customer, stranger] = [await signIn(order.app), await signIn(order.app)];
  const key = 'the own order';
  world = {
    own: { id: await placed(order.app, customer, key), key },
    another: await placed(order.app, stranger, 'the order of another'),
  };
});
afterAll(async () => {
  await listening.close();
  await order.stop();
});

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers: string;
}

async function answerTo(sent: Sent, key: string): Promise<Answer> {
  if (sent.bytes) return answerToBytes(sent.bytes(head), sent);
  const { method = 'POST', url = '/api/orders', headers = {}, body } = sent;
  const all = {
    ...bearer(customer),
    ...(method === 'GET' ? {} : { 'content-type': 'application/json', 'idempotency-key': key }),
    ...headers,
  };
  const answer = await order.app.inject({
    method,
    url,
    headers: Object.fromEntries(
      Object.entries(all).filter(([, value]) => value !== null),
    ) as Record<string, string | string[]>,
    ...(body === undefined ? {} : { payload: body }),
  });
  return {
    status: answer.statusCode,
    type: String(answer.headers['content-type']),
    body: answer.body,
    headers: JSON.stringify(answer.headers),
  };
}

const head: Head = (...more) =>
  [
    'POST /api/orders HTTP/1.1',
    'Host: localhost',
    `Authorization: Bearer ${customer.token}`,
    'Content-Type: application/json',
    ...more,
    '',
    '',
  ].join('\r\n');

async function answerToBytes(bytes: string, { ends }: Sent): Promise<Answer> {
  const socket = connect(Number(new URL(await listening.getUrl()).port), '127.0.0.1');
  socket.write(bytes, 'latin1');
  if (ends) socket.end();
  let said = '';
  socket.on('data', (chunk) => (said += chunk.toString()));
  await once(socket, 'close');
  const [headers = '', ...body] = said.split('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(headers)?.[1]),
    type: /^content-type: (.*)$/im.exec(headers)?.[1] ?? '',
    body: body.join('\r\n\r\n'),
    headers,
  };
}

/** What is in the database afterwards, and was not before. */
const MADE: Readonly<Record<Made, Readonly<Record<string, number>>>> = {
  'an order': {
    ...{ orders: 1, order_lines: 1, order_history: 1, order_events: 1 },
    ...{ idempotency_keys: 1, outbox: 1 },
  },
  'a wish to cancel': { idempotency_keys: 1, order_events: 1, outbox: 1 },
  nothing: {},
};

let requests = 0;
async function expectAnswer(row: BadRequest): Promise<void> {
  const key = `bad ${(requests += 1)}`;
  const sent = typeof row.send === 'function' ? await row.send(world) : row.send;
  const earlier = await answerBefore(sent, key);
  if (row.catalogue) await order.database.query(row.catalogue.changes);
  const before = await contentOf(order.database);
  const answer = await answerTo(sent, key);
  const made = row.makes ?? (row.answer === '201' ? 'an order' : 'nothing');

  expectSaid(answer, row.answer);
  const after = await contentOf(order.database);
  expect(rowsMore(after, before)).toEqual(MADE[made]);
  if (made === 'nothing') expect(after).toEqual(before);
  if (made === 'an order') await expectPlaced(answer, sent);
  if (made === 'nothing' && row.answer === '201') expect(answer.body).toBe(earlier);
  if (row.catalogue) await order.database.query(row.catalogue.returns);
}

/** Of the good request that was sent with the same key before, if one was. */
async function answerBefore({ first }: Sent, key: string): Promise<string | undefined> {
  if (!first) return undefined;
  const { by, body } = first;
  const answer = await place(order.app, by === 'another' ? stranger : customer, { key, body });
  expect(answer.statusCode).toBe(201);
  return answer.body;
}

function expectSaid(answer: Answer, expected: string): void {
  const [status, type] = expected.split(' ');
  expect(answer.status, answer.body).toBe(Number(status));
  if (!type) return;
  expect(answer.type).toMatch('application/problem+json');
  const problem = JSON.parse(answer.body) as Record<string, unknown>;
  expect(problem).toMatchObject({
    type: `/problems/${type}`,
    title: someText,
    status: Number(status),
    detail: someText,
  });
  if (type === 'invalid-request') {
    expect(problem['errors']).toContainEqual({ path: anyText, message: someText });
  }
  if (type === 'unauthenticated') expect(answer.headers).toMatch(/www-authenticate\W+Bearer/i);
  expect(answer.body).not.toMatch(/ at .*\.[jt]s|node_modules|SELECT|SyntaxError/);
}

const someText: unknown = expect.stringMatching(/\S/);
const anyText: unknown = expect.any(String);

/** Exactly what was asked, for whom it was asked. */
async function expectPlaced({ body }: Answer, sent: Sent): Promise<void> {
  const { id } = JSON.parse(body) as { id: string };
  const asked = sent.bytes ? twoCups : (JSON.parse(readable(sent)) as PlaceOrder);
  const stored = await order.database.query(
    `SELECT customer_id AS customer, payment_method AS "paymentMethod", status,
       (SELECT json_agg(json_build_object('sku', sku, 'quantity', quantity) ORDER BY line_number)
        FROM order_lines WHERE order_id = id) AS lines
     FROM orders WHERE id = $1`,
    [id],
  );
  const { lines, paymentMethod } = asked;
  expect(stored).toEqual([
    { customer: customer.customerId, paymentMethod, status: 'placed', lines },
  ]);
}

const readable = ({ body = '' }: Sent): string => body.toString().replace('\ufeff', '');

describe.each(badInputs)('$number, $name:', ({ because, requests: rows }) => {
  test.each(rows.map((row) => ({ because, ...row })))('$what: $answer, because $because', (row) =>
    expectAnswer(row),
  );
});

describe('docs/bad-inputs.md', () => {
  const answersOf = (rows: readonly BadRequest[]) =>
    [...new Set(rows.map(({ answer }) => answer))].join(', ');

  test('has these numbers, names, answers and reasons, and no others', async () => {
    const page = await readFile(new URL('../../../docs/bad-inputs.md', import.meta.url), 'utf8');
    const orders = page.split('\n## ').find((section) => section.startsWith('Orders\n')) ?? '';
    const told = orders
      .split('\n')
      .filter((line) => /^\| B\d/.test(line))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    const tested = badInputs.map(({ number, name, because, requests: rows }) => [
      ...[number, name, answersOf(rows), because],
    ]);
    expect(told).toEqual(tested);
  });

  test('has each number once, and forty-one of them', () => {
    const numbers = badInputs.map(({ number }) => number);
    const wanted = Array.from({ length: 41 }, (_, n) => `B${String(n + 1).padStart(2, '0')}`);
    expect(numbers).toEqual(wanted);
    expect(badInputs.filter(({ requests: rows }) => rows.length === 0)).toEqual([]);
  });
});

/** Those of the table, however they were grouped. */
function cardNumbersIn(content: string): string[] {
  const digits = content.replaceAll(/[ -]/g, '');
  return CARDS.filter((card) => digits.includes(card));
}

describe('afterwards', () => {
  test('the database has orders, and nothing of a card number in any table', async () => {
    const content = asText(await contentOf(order.database));
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
