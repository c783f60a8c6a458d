import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Door, door } from './testing/door.js';
import { says } from './testing/service.js';
import { answerToBytes } from './testing/socket.js';

let shop: Door;
beforeAll(async () => {
  shop = await door();
  for (const { behave } of Object.values(shop.services)) behave(says(200, {}));
});
afterAll(() => shop.stop());

const HOST = 'Host: localhost';
const request = (line: string, ...headers: string[]): string =>
  [`${line} HTTP/1.1`, ...headers, 'Connection: close', '', ''].join('\r\n');

/** Pages, what the console answers itself, and what it passes on. */
const EVERYWHERE = [
  ...['GET /', 'GET /orders', 'GET /docs', 'GET /nothing.js', 'GET /health/live'],
  ...['GET /api/audit', 'GET /api/orders', 'POST /api/orders', 'POST /webhooks/stripe'],
];

describe.each(EVERYWHERE)('%s at the public door', (line) => {
  it.each([
    ['without a host', [], '400 malformed-request'],
    ['with two hosts', [HOST, 'Host: elsewhere'], '400 malformed-request'],
    ['with two keys', [HOST, 'Idempotency-Key: a', 'Idempotency-Key: b'], '400 malformed-request'],
    [
      'with two tokens',
      [HOST, 'Authorization: Bearer a', 'Authorization: Bearer b'],
      '400 malformed-request',
    ],
    ['that expects what nobody knows', [HOST, 'Expect: 200-ok'], '417 expectation-failed'],
  ])('%s is refused with a problem document, and goes no further', async (_what, headers, told) => {
    const [status, type] = told.split(' ');
    const answer = await answerToBytes(shop.url, request(line, ...headers));
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
    expect(answer).toContain(`"type":"/problems/${type}"`);
    expect(Object.values(shop.services).flatMap(({ asked }) => asked)).toEqual([]);
  });

  it('with a body that is said to be zipped, and is not, is refused, too', async () => {
    const answer = await answerToBytes(
      shop.url,
      request(line, HOST, 'Transfer-Encoding: gzip, chunked') + '0\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('The only transfer coding that is undone here is chunked.');
    expect(Object.values(shop.services).flatMap(({ asked }) => asked)).toEqual([]);
  });
});

describe('a tunnel through the public door', () => {
  it('is nothing that there is', async () => {
    const answer = await answerToBytes(shop.url, request('CONNECT localhost:80', HOST));
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toContain('"type":"/problems/not-found"');
  });
});

describe('a head that leaves nothing open', () => {
  it('goes on, and the connection ends when the client wants it so', async () => {
    const fine = request('GET /api/orders', HOST, 'Idempotency-Key: a, b', 'Expect: 100-continue');
    const answer = await answerToBytes(shop.url, fine);
    expect(answer).toMatch(/HTTP\/1\.1 200 OK/);
    expect(answer).toMatch(/^connection: close$/im);
    expect(answer).not.toMatch(/^keep-alive:/im);
    expect(shop.services.order.asked).toEqual(['GET /api/orders']);
  });
});
