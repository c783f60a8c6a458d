import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask } from './ask.js';

const SAID = '{"price":"42 €"}';
const server = createServer(({ headers, url }, answer) => {
  if (headers['accept-encoding'] !== 'gzip') return void answer.end(SAID);
  answer.writeHead(200, { 'content-encoding': 'gzip' });
  answer.end(url === '/broken' ? SAID : gzipSync(SAID));
});
let origin: string;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const get = (url: string, headers: Record<string, string>) =>
  ask(origin, { method: 'GET', url, headers, body: undefined });

it('reads an answer as it was meant, also one that comes zipped', async () => {
  expect(await get('/', {})).toMatchObject({ status: 200, body: SAID });
  expect(await get('/', { 'accept-encoding': 'gzip' })).toMatchObject({ status: 200, body: SAID });
});

it('takes no answer for read that says it is zipped and is not', async () => {
  await expect(get('/broken', { 'accept-encoding': 'gzip' })).rejects.toThrow('incorrect header');
});
