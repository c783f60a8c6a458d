import { once } from 'node:events';
import { METHODS } from 'node:http';
import { connect } from 'node:net';
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, createApplication } from './application.js';

let handled = 0;

@Controller()
class ExampleController {
  @Post('echo')
  @HttpCode(200)
  echo(@Body() body: object): object {
    handled += 1;
    return body;
  }
}

@Module({ controllers: [ExampleController] })
class ExampleModule {}

let app: App;
const logged: string[] = [];
beforeAll(async () => {
  const note = (_fields: object, message: string): void => void logged.push(message);
  const log = { info: note, warn: note, error: note };
  app = await createApplication({ module: ExampleModule, log });
  await app.listen(0, '127.0.0.1');
});
afterAll(() => app.close());

async function said(first: string, ...headers: string[]): Promise<string> {
  const socket = connect(Number(new URL(await app.getUrl()).port), '127.0.0.1');
  const chunked = headers.some((header) => header.startsWith('Transfer-Encoding'));
  const content = chunked ? '2\r\n{}\r\n0\r\n\r\n' : '{}';
  const hasBody = first.startsWith('POST') || headers.includes('Content-Length: 2');
  const body = hasBody ? content : '';
  socket.write([first, ...headers, 'Connection: close', '', body].join('\r\n'));
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString()));
  await once(socket, 'close');
  return answer;
}

const HOST = 'Host: localhost';
const POST = 'POST /echo HTTP/1.1';
const JSON_TYPE = 'Content-Type: application/json';
const BODY = [JSON_TYPE, 'Content-Length: 2'];
const CODING = 'The only transfer coding that is undone here is chunked.';
const NOWHERE = 'Nothing has this address, or it is not yours: the answer does not tell which.';
const NO_HOST = 'The request names no host: HTTP/1.1 needs the header Host.';
const twice = (name: string): string => `The header ${name} is there twice. Send it once.`;

test.each<[string, string, string[], string, string]>([
  ['no host', POST, BODY, '400 malformed-request', NO_HOST],
  ['no host, on an address of nothing', 'GET /no HTTP/1.1', [], '400 malformed-request', NO_HOST],
  ['a host twice', POST, [HOST, 'host: b', ...BODY], '400 malformed-request', twice('Host')],
  [
    'a key twice',
    POST,
    [HOST, 'Idempotency-Key: a', 'IDEMPOTENCY-KEY: b', ...BODY],
    '400 malformed-request',
    twice('Idempotency-Key'),
  ],
  [
    'a token twice, of which Node keeps the first',
    POST,
    [HOST, 'Authorization: Bearer a', 'Authorization: Bearer b', ...BODY],
    '400 malformed-request',
    twice('Authorization'),
  ],
  [
    'a place to go on from twice',
    'GET /no HTTP/1.1',
    [HOST, 'Last-Event-ID: 1', 'Last-Event-ID: 2'],
    '400 malformed-request',
    twice('Last-Event-ID'),
  ],
  [
    'an expectation that nobody knows',
    POST,
    [HOST, 'Expect: 200-ok', ...BODY],
    '417 expectation-failed',
    'The only expectation that is met is 100-continue. Leave the header Expect out.',
  ],
  [
    'the same, on an address of nothing',
    'GET /no HTTP/1.1',
    [HOST, 'Expect: 200-ok'],
    '417 expectation-failed',
    'The only expectation that is met is 100-continue. Leave the header Expect out.',
  ],
  [
    'a body that is said to be zipped, and is not',
    POST,
    [HOST, JSON_TYPE, 'Transfer-Encoding: gzip, chunked'],
    '400 malformed-request',
    CODING,
  ],
  [
    'the same in two lines',
    POST,
    [HOST, JSON_TYPE, 'Transfer-Encoding: gzip', 'Transfer-Encoding: chunked'],
    '400 malformed-request',
    CODING,
  ],
  ['a tunnel', 'CONNECT localhost:80 HTTP/1.1', [HOST], '404 not-found', NOWHERE],
])(
  '%s is a problem document, and no handler sees it',
  async (...[, first, headers, refusal, detail]) => {
    const [status, type] = refusal.split(' ');
    const before = handled;
    const answer = await said(first, ...headers);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
    expect(answer).toContain(`"type":"/problems/${type}"`);
    expect(answer).toContain(JSON.stringify(detail));
    expect(handled).toBe(before);
  },
);

test.each<[string, string, string[]]>([
  ['HTTP/1.0 without a host', 'POST /echo HTTP/1.0', BODY],
  [
    'the address as a proxy is asked for it',
    'POST http://localhost/echo HTTP/1.1',
    [HOST, ...BODY],
  ],
  ['the same with a query', 'POST HTTP://a.example:80/echo?x HTTP/1.1', [HOST, ...BODY]],
  ['an expectation that is known', POST, [HOST, 'Expect: 100-Continue', ...BODY]],
  ['a body in chunks', POST, [HOST, JSON_TYPE, 'Transfer-Encoding: Chunked']],
  ['a list in two lines', POST, [HOST, 'Accept: a/b', 'Accept: c/d', ...BODY]],
  ['a path of proxies in two lines', POST, [HOST, 'Via: 1.1 a', 'Via: 1.1 b', ...BODY]],
])('%s is let through', async (_what, first, headers) => {
  expect(await said(first, ...headers)).toMatch(/HTTP\/1\.1 200 OK\r\n[^]*\{\}$/);
});

/** Those that Node can read; it has an answer of its own to the others: they are no HTTP. */
const OTHER_METHODS = METHODS.filter((method) => !['GET', 'HEAD', 'POST'].includes(method));

test.each(OTHER_METHODS)('%s is nothing that there is, with and without a body', async (method) => {
  for (const headers of [[], [JSON_TYPE], BODY]) {
    const answer = await said(`${method} /echo HTTP/1.1`, HOST, ...headers);
    expect(answer, headers.join()).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toContain('"type":"/problems/not-found"');
  }
});

test('nothing of it is a fault of ours', () => {
  expect(handled).toBeGreaterThan(0);
  expect(logged).toEqual([]);
});
