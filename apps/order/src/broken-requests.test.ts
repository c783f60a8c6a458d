import { once } from 'node:events';
import { connect } from 'node:net';
import type { App } from '@checkout/nest-service';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsByTable } from './testing/database-content.js';
import {
  applicationOn,
  configFor,
  type Customer,
  orderApplication,
  type OrderApplication,
  signIn,
  twoCups,
} from './testing/order-application.js';

/** Requests that break off, dawdle, or are none: as bytes on a socket. */
let order: OrderApplication;
let app: App;
let customer: Customer;
beforeAll(async () => {
  order = await orderApplication();
  app = await applicationOn(configFor(order.database.url), { requestTimeoutMs: 300 });
  await app.listen(0, '127.0.0.1');
  customer = await signIn(order.app);
});
afterAll(async () => {
  await app.close();
  await order.stop();
});

const body = JSON.stringify(twoCups);
const half = body.slice(0, 20);
const head = (...more: string[]) =>
  [
    'POST /api/orders HTTP/1.1',
    'Host: localhost',
    `Authorization: Bearer ${customer.token}`,
    'Content-Type: application/json',
    ...more,
    '',
    '',
  ].join('\r\n');

/** What the service says to these bytes; `ends` closes our side behind them. */
async function answerTo(bytes: string, { ends = false } = {}): Promise<string> {
  const socket = connect(Number(new URL(await app.getUrl()).port), '127.0.0.1');
  socket.write(bytes, 'latin1');
  if (ends) socket.end();
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString()));
  await once(socket, 'close');
  return answer;
}

test.each<[string, () => string, string]>([
  [
    'a body that does not arrive to its end in time',
    () => head('Idempotency-Key: slow', `Content-Length: ${body.length}`) + half,
    '408 request-timeout',
  ],
  [
    'a chunk that does not arrive in time',
    () => head('Idempotency-Key: slow', 'Transfer-Encoding: chunked') + `5\r\n${body.slice(0, 5)}`,
    '408 request-timeout',
  ],
  [
    'headers that do not end in time',
    () => 'POST /api/orders HTTP/1.1\r\nHost: a\r\n',
    '408 request-timeout',
  ],
  [
    'a key with a line break that begins a header of its own',
    () => head('Idempotency-Key: a\rX-Injected: 1', 'Content-Length: 0', 'Connection: close'),
    '400 malformed-request',
  ],
  [
    'a key with NUL',
    () => head('Idempotency-Key: a\0b', 'Content-Length: 0'),
    '400 malformed-request',
  ],
  [
    'two lengths',
    () => head('Idempotency-Key: a', 'Content-Length: 5', 'Content-Length: 6') + body,
    '400 malformed-request',
  ],
  [
    'a length and chunks, which a proxy may read otherwise than we do',
    () =>
      head('Idempotency-Key: a', 'Content-Length: 4', 'Transfer-Encoding: chunked') +
      `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    '400 malformed-request',
  ],
  [
    'a chunk whose length is no number',
    () => head('Idempotency-Key: a', 'Transfer-Encoding: chunked') + `zz\r\n${body}\r\n0\r\n\r\n`,
    '400 malformed-request',
  ],
  [
    'headers of twenty kilobytes',
    () => head(`X-Large: ${'x'.repeat(20_000)}`),
    '431 headers-too-large',
  ],
  [
    'what is not HTTP',
    () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    '400 malformed-request',
  ],
])('%s is told so, and leaves nothing behind', async (_what, bytes, refusal) => {
  const before = await rowsByTable(order.database);
  const answer = await answerTo(bytes());
  const [status, type] = refusal.split(' ');
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer).toContain('application/problem+json');
  expect(answer).toContain(`"type":"/problems/${type}"`);
  expect(await rowsByTable(order.database)).toEqual(before);
});

test.each<[string, () => string]>([
  ['shorter than it says', () => head('Idempotency-Key: a', 'Content-Length: 500') + body],
  [
    'cut off within a chunk',
    () => head('Idempotency-Key: a', 'Transfer-Encoding: chunked') + `40\r\n${half}`,
  ],
  [
    'cut off before the last chunk, though it would be an order',
    () =>
      head('Idempotency-Key: a', 'Transfer-Encoding: chunked') +
      `${body.length.toString(16)}\r\n${body}\r\n`,
  ],
])('a body that is %s places nothing', async (_what, bytes) => {
  const before = await rowsByTable(order.database);
  expect(await answerTo(bytes(), { ends: true })).not.toMatch(/^HTTP\/1\.1 2/);
  expect(await rowsByTable(order.database)).toEqual(before);
});

test('the same bytes, whole, place an order', async () => {
  const whole = head(
    'Idempotency-Key: whole',
    `Content-Length: ${body.length}`,
    'Connection: close',
  );
  expect(await answerTo(whole + body)).toMatch(/^HTTP\/1\.1 201 /);
});
