import { createApplication, createLog, type App } from '@checkout/nest-service';
import { Module } from '@nestjs/common';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registerApiProxy } from './api-proxy.js';

@Module({})
class NothingElse {}

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

let upstream: Server;
let behaviour: Handler;
let app: App;
let url: string;

beforeEach(async () => {
  upstream = createServer((request, response) => void behaviour(request, response));
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port } = upstream.address() as AddressInfo;
  app = await createApplication({
    module: NothingElse,
    log: createLog('console-test'),
    prepareFastify: (fastify) => registerApiProxy(fastify, `http://127.0.0.1:${port}`),
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
    expect(((await answer.json()) as { detail: string }).detail).toContain('same key');
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
