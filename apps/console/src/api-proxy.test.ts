import { createApplication, type App } from '@checkout/nest-service';
import { Module } from '@nestjs/common';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forward } from './api-proxy.js';
import { answerToBytes } from './testing/socket.js';

@Module({})
class NothingElse {}

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

let upstream: Server;
let behaviour: Handler;
let app: App;
let url: string;
let complaints: string[];

const ignore = (): void => undefined;

beforeEach(async () => {
  complaints = [];
  upstream = createServer((request, response) => void behaviour(request, response));
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port } = upstream.address() as AddressInfo;
  const error = (_fields: object, message: string) => void complaints.push(message);
  const log = { info: ignore, warn: ignore, error };
  const forwarding = { prefix: '/api', upstream: `http://127.0.0.1:${port}`, log };
  app = await createApplication({
    module: NothingElse,
    log,
    prepareFastify: (fastify) => forward(fastify, forwarding),
    requestTimeoutMs: 300,
  });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});

afterEach(async () => {
  await app.close();
  upstream.closeAllConnections();
  upstream.close();
});

const order = { 'content-type': 'application/json', 'idempotency-key': 'k1' };

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe('what the pages ask under /api', () => {
  it('reaches the order service with the same bytes, and so does its answer', async () => {
    const seen: string[] = [];
    behaviour = async (request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers['idempotency-key']}`);
      seen.push(await bodyOf(request));
      response.writeHead(201, { 'idempotent-replayed': 'true', 'set-cookie': 'session=x' });
      response.end('{ "id" :1}');
    };
    const body = '{ "lines" : [ ],\n "b":1.0 }';
    const answer = await fetch(`${url}/api/orders?a=1`, { method: 'POST', headers: order, body });
    expect(seen).toEqual(['POST /api/orders?a=1 k1', body]);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('idempotent-replayed')).toBe('true');
    expect(answer.headers.get('set-cookie')).toBe('session=x');
    expect(await answer.text()).toBe('{ "id" :1}');
  });

  it.each([
    ['expect', '100-continue'],
    ['keep-alive', 'timeout=5'],
    ['te', 'trailers'],
    ['upgrade', 'h2c'],
  ])('arrives without %s, which is for this hop', async (name, value) => {
    let seen: string[] = [];
    behaviour = (incoming, response) => {
      seen = Object.keys(incoming.headers);
      response.writeHead(201).end();
    };
    const headers = { ...order, [name]: value, 'content-length': 2 };
    const asking = request(`${url}/api/orders`, { method: 'POST', headers });
    asking.end('{}');
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(201);
    expect(seen).toContain('idempotency-key');
    expect(seen).not.toContain(name);
  });

  it('may be refused by the order service: the refusal passes as it is', async () => {
    behaviour = (_request, response) => {
      response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '7' });
      response.end('{"title":"Busy"}');
    };
    const answer = await fetch(`${url}/api/products`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '7']);
    expect(await answer.json()).toEqual({ title: 'Busy' });
  });

  it('is answered 503 in words, not a stack trace, while the order service is away', async () => {
    upstream.close();
    const answer = await fetch(`${url}/api/products`);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(Object.keys((await answer.json()) as object).sort()).toEqual(
      ['detail', 'status', 'title', 'type'], // and nothing of the inside
    );
  });

  it('is answered 502, and not repeated, when the order service dies on the way', async () => {
    let calls = 0;
    behaviour = (request) => {
      calls++;
      request.socket.destroy();
    };
    const answer = await fetch(`${url}/api/orders`, { method: 'POST', headers: order, body: '{}' });
    expect(answer.status).toBe(502);
    expect(((await answer.json()) as { detail: string }).detail).toContain('same Idempotency-Key');
    expect(calls).toBe(1);
  });

  it('does not reach anything beside /api', async () => {
    let calls = 0;
    behaviour = (_request, response) => {
      calls++;
      response.end();
    };
    for (const path of ['/internal/orders', '/api/..%2finternal/x', '/api/%2e%2e/internal/x']) {
      expect((await fetch(`${url}${path}`)).status).toBeGreaterThanOrEqual(400);
    }
    expect(calls).toBe(0);
  });
});

describe('a body that is refused at the door', () => {
  const MiB = 1024 * 1024;
  let calls: number;
  beforeEach(() => {
    calls = 0;
    behaviour = (_request, response) => {
      calls++;
      response.end();
    };
  });

  async function expectRefused(answer: Response, refusal: string): Promise<void> {
    const { type, status } = (await answer.json()) as { type: string; status: number };
    expect(`${answer.status} ${type}`).toBe(refusal);
    expect(status).toBe(answer.status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(calls).toBe(0);
  }

  it('has more than 64 KiB: 413, also when the client sends ten megabytes first', async () => {
    for (const size of [65 * 1024, 10 * MiB]) {
      const body = Buffer.alloc(size, ' ');
      const answer = await fetch(`${url}/api/orders`, { method: 'POST', headers: order, body });
      await expectRefused(answer, '413 /problems/too-large');
    }
  });

  it('grows beyond it without having said so: 413', async () => {
    const body = ReadableStream.from(Array.from({ length: 100 }, () => Buffer.alloc(4096, ' ')));
    const options = { method: 'POST', headers: order, body, duplex: 'half' } as const;
    await expectRefused(await fetch(`${url}/api/orders`, options), '413 /problems/too-large');
  });

  it('is compressed: 415, and nobody unpacks it', async () => {
    const headers = { ...order, 'content-encoding': 'gzip' };
    const body = gzipSync(Buffer.alloc(10 * MiB));
    expect(body.length).toBeLessThan(64 * 1024);
    const answer = await fetch(`${url}/api/orders`, { method: 'POST', headers, body });
    await expectRefused(answer, '415 /problems/unsupported-media-type');
  });

  it('does not arrive in time: 408', async () => {
    const answer = await onSocket(
      'POST /api/orders HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('/problems/request-timeout');
    expect(calls).toBe(0);
  });

  it('ends before its end: nobody is asked', async () => {
    const port = Number(new URL(url).port);
    const socket = connect(port, '127.0.0.1');
    socket.end(
      'POST /api/orders HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"li',
    );
    await once(socket.resume(), 'close');
    expect((await fetch(`${url}/api/products`)).status).toBe(200);
    expect(calls).toBe(1);
    expect(complaints).toEqual([]);
  });
});

describe('what is no request', () => {
  it.each([
    ['a key with a line break', 'Idempotency-Key: a\rb', '400 malformed-request'],
    ['a key with a control character', 'Idempotency-Key: a\x07b', '400 malformed-request'],
    ['headers without end', `X: ${'x'.repeat(20_000)}`, '431 headers-too-large'],
    ['two lengths', 'Content-Length: 1\r\nContent-Length: 2', '400 malformed-request'],
    [
      'a length and chunks',
      'Content-Length: 1\r\nTransfer-Encoding: chunked',
      '400 malformed-request',
    ],
  ])('%s is a problem document too', async (_name, header, refusal) => {
    const [status, type] = refusal.split(' ');
    const answer = await onSocket(`POST /api/orders HTTP/1.1\r\nHost: a\r\n${header}\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain('Content-Type: application/problem+json');
    expect(answer).toContain(`"type":"/problems/${type}"`);
  });

  it.each(['/api/orders/%zz', '/api/%', '/%ff'])('%s is 400 and does not go on', async (path) => {
    const answer = await onSocket(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
  });
});

const onSocket = (bytes: string): Promise<string> => answerToBytes(url, bytes);

describe('an event stream', () => {
  const openStreams = new Set<ServerResponse>();
  const stream: Handler = (request, response) => {
    if (request.url !== '/api/events') return void response.end('{}');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('id: 1\nevent: order\ndata: {}\n\n');
    openStreams.add(response);
    response.on('close', () => openStreams.delete(response));
  };

  async function open(): Promise<{ read(): Promise<string>; abort(): void }> {
    const controller = new AbortController();
    const { signal } = controller;
    const reader = (await fetch(`${url}/api/events`, { signal })).body!.getReader();
    return {
      read: async () => Buffer.from((await reader.read()).value ?? []).toString(),
      abort: () => controller.abort(),
    };
  }

  it('passes each event as it happens', async () => {
    behaviour = stream;
    const events = await open();
    expect(await events.read()).toContain('id: 1');
    for (const response of openStreams) response.write('id: 2\n\n');
    expect(await events.read()).toContain('id: 2');
    events.abort();
  });

  it('is closed towards the order service when the browser closes it', async () => {
    behaviour = stream;
    const events = await open();
    await events.read();
    expect(openStreams.size).toBe(1);
    const closed = once([...openStreams][0]!, 'close');
    events.abort();
    await closed;
  });

  it('is cut when the order service dies, so that the browser opens a new one', async () => {
    behaviour = stream;
    const events = await open();
    await events.read();
    for (const response of openStreams) response.destroy();
    await expect(events.read()).rejects.toThrow();
  });

  it('does not keep orders out, however many browsers look on', async () => {
    behaviour = stream;
    const many = await Promise.all(Array.from({ length: 200 }, open));
    await Promise.all(many.map((events) => events.read()));
    expect(openStreams.size).toBe(200);
    expect((await fetch(`${url}/api/products`)).status).toBe(200);
    for (const events of many) events.abort();
  });
});
