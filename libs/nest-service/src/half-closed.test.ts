import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type App, createApplication } from './application.js';

@Module({})
class NothingElse {}

let app: App;
let port: number;
let asked: string[];
/** Handlers wait for it, so that the client's side is closed before they answer. */
let answering: PromiseWithResolvers<void>;
let told: PromiseWithResolvers<string>;

beforeAll(async () => {
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  app = await createApplication({
    module: NothingElse,
    log: quiet,
    prepareFastify: (fastify) => {
      fastify.all('/slow', async ({ method, query }) => {
        asked.push(`${method} ${JSON.stringify(query)}`);
        await answering.promise;
        return { asked: asked.length };
      });
      fastify.get('/stream', (_request, reply) =>
        reply.type('text/event-stream').send(Readable.from(events())),
      );
    },
  });
  await app.listen(0, '127.0.0.1');
  port = Number(new URL(await app.getUrl()).port);
});
afterAll(() => app.close());
beforeEach(() => {
  asked = [];
  answering = Promise.withResolvers();
  told = Promise.withResolvers();
});

/** Says one thing, and nothing more until its reader has gone. */
async function* events(): AsyncGenerator<string> {
  try {
    yield 'data: 1\n\n';
    await answering.promise;
    yield 'data: 2\n\n';
  } finally {
    told.resolve('over');
  }
}

/** Half open: the other side's end does not end ours by itself. */
const client = (): Socket => connect({ port, host: '127.0.0.1', allowHalfOpen: true });

/** Until the server closes its side, and then ours, too. */
async function answerTo(socket: Socket): Promise<string> {
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString()));
  await once(socket, 'end');
  socket.end();
  return answer;
}

/** When the server has read so far: it has closed its reading side only once it saw the end. */
async function untilAsked(count: number): Promise<void> {
  while (asked.length < count) await turn();
  // Another request, on another connection, is read after what came before it.
  await fetch(`http://127.0.0.1:${port}/health`);
}

const HOST = 'Host: localhost';
const GET = `GET /slow HTTP/1.1\r\n${HOST}\r\n\r\n`;
const POST = `POST /slow HTTP/1.1\r\n${HOST}\r\nContent-Type: application/json\r\n`;

describe('a client that closes its side', () => {
  test.each([
    ['behind a GET', GET],
    ['behind a POST with a body', `${POST}Content-Length: 2\r\n\r\n{}`],
    ['behind the last chunk', `${POST}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`],
  ])('%s is answered, and then the connection ends', async (_where, bytes) => {
    const socket = client();
    socket.end(bytes);
    const answer = answerTo(socket);
    await untilAsked(1);
    answering.resolve();
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\{"asked":1\}$/);
  });

  test('behind several requests is answered each of them', async () => {
    const socket = client();
    socket.end(GET.replace('/slow', '/slow?1') + GET.replace('/slow', '/slow?2'));
    const answer = answerTo(socket);
    await untilAsked(2);
    answering.resolve();
    expect((await answer).match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });

  test('within a body has asked nothing, and is told so', async () => {
    const socket = client();
    socket.end(`${POST}Content-Length: 9\r\n\r\n{`);
    expect(await answerTo(socket)).toMatch(/^HTTP\/1\.1 400 /);
    expect(asked).toEqual([]);
  });

  test('and asks nothing is left in peace', async () => {
    const socket = client();
    socket.end();
    expect(await answerTo(socket)).toBe('');
  });
});

describe('an event stream', () => {
  const open = `GET /stream HTTP/1.1\r\n${HOST}\r\n\r\n`;

  test('ends when its reader closes his side, though there is nothing to tell', async () => {
    const socket = client();
    socket.write(open);
    await once(socket, 'data');
    socket.end();
    // It says nothing more by itself: `answering` is never resolved here.
    await once(socket, 'close');
    answering.resolve();
    expect(await told.promise).toBe('over');
  });

  test('is told to a reader that had closed his side before', async () => {
    const socket = client();
    socket.end(open);
    const answer = answerTo(socket);
    answering.resolve();
    expect(await answer).toMatch(/data: 1\n\n[^]*data: 2\n\n/);
  });
});
