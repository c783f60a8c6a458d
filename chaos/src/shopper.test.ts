import type { ClientOperation } from '@checkout/proof';
import { ShopClient } from '@checkout/testkit';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { ClientHistory, HISTORY_FILE, READS_FILE, type Sending } from './client-history.js';
import { shop } from './shopper.js';
import type { Wish } from './wishes.js';

/** A server that says what it is told to say, so that every kind of answer can be met. */
type Answer = { status: number; body?: string } | 'hang up';
const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

const accepted: Answer = { status: 201, body: '{"id":"o-1"}' };

async function shopAt(answers: readonly Answer[], wish: Partial<Wish> = {}) {
  const left = [...answers];
  const seen: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    seen.push(`${request.url} ${request.headers['idempotency-key']}`);
    const answer = left.shift() ?? accepted;
    if (answer === 'hang up') return void request.socket.destroy();
    response.writeHead(answer.status).end(answer.body ?? '{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const folder = mkdtempSync(join(tmpdir(), 'shopper-'));
  folders.push(folder);
  await shop({
    client: new ShopClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    history: new ClientHistory(folder),
    session: { token: 't', customerId: 'c' },
    closing: new AbortController().signal,
    wish: {
      n: 0,
      customer: 0,
      key: 'k',
      cancelKey: 'x',
      order: { lines: [{ sku: 'espresso-cup', quantity: 1 }], paymentMethod: 'pm_card_visa' },
      manner: 'patient',
      cancelAfterMs: undefined,
      watches: false,
      ...wish,
    },
  });
  const linesOf = (name: string): unknown[] => {
    const file = join(folder, name);
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  };
  const history = linesOf(HISTORY_FILE) as ClientOperation[];
  const written = history.filter(({ result }) => result !== 'sent') as Sending[];
  return { seen, history, written, reads: linesOf(READS_FILE) };
}

describe('a customer of the load', () => {
  it.each<[string, Answer]>([
    ['no answer', 'hang up'],
    ['a 500', { status: 500 }],
    ['a 429', { status: 429 }],
    ['a request that still runs', { status: 409, body: '{"type":"/problems/still-running"}' }],
  ])('takes %s for not knowing, and asks again with the same key', async (_, first) => {
    const { seen, written } = await shopAt([first]);
    expect(seen).toEqual(['/api/orders k', '/api/orders k']);
    expect(written.map(({ result }) => result)).toEqual(['unknown', 'ok']);
    expect(written[0]?.bodyHash).toBe(written[1]?.bodyHash);
    expect(written[1]?.orderId).toBe('o-1');
  });

  it('writes down what it sends before it sends it, also when it repeats it', async () => {
    const { history } = await shopAt(['hang up'], { cancelAfterMs: 0 });
    expect(history.map(({ op, key, result }) => `${op} ${key} ${result}`)).toEqual([
      'place k sent',
      'place k unknown',
      'place k sent',
      'place k ok',
      'cancel x sent',
      'cancel x ok',
    ]);
  });

  it('takes a refusal for an answer', async () => {
    const { written } = await shopAt([{ status: 422 }]);
    expect(written).toMatchObject([{ result: 'fail', status: 422, key: 'k', customerId: 'c' }]);
  });

  it('may leave without knowing', async () => {
    const { written } = await shopAt(['hang up'], { manner: 'leaves' });
    expect(written.map(({ result }) => result)).toEqual(['unknown']);
  });

  it('may repeat what was answered, and keeps both answers to be compared', async () => {
    const { written } = await shopAt([], { manner: 'repeats' });
    expect(written).toHaveLength(2);
    expect(written[0]?.responseHash).toBe(written[1]?.responseHash);
  });

  it('may send it several times at once, under one key', async () => {
    const { seen } = await shopAt([], { manner: 'races' });
    expect(seen).toEqual(Array.from({ length: 4 }, () => '/api/orders k'));
  });

  it('may change its mind about an order that it knows of, and of no other', async () => {
    const { seen, written } = await shopAt([], { cancelAfterMs: 0 });
    expect(seen).toEqual(['/api/orders k', '/api/orders/o-1/cancel x']);
    expect(written[1]).toMatchObject({ op: 'cancel', orderId: 'o-1', key: 'x' });
    expect((await shopAt([{ status: 422 }], { cancelAfterMs: 0 })).seen).toHaveLength(1);
  });

  it('may look at its order until that is over, and writes down what it saw', async () => {
    const shown = (version: number, status: string): Answer => {
      return { status: 200, body: JSON.stringify({ version, status }) };
    };
    const answers = [accepted, shown(1, 'placed'), { status: 503 }, 'hang up', shown(4, 'booked')];
    const { seen, reads } = await shopAt(answers as Answer[], { watches: true });
    expect(seen.slice(1)).toEqual(Array.from({ length: 4 }, () => '/api/orders/o-1 undefined'));
    expect(reads).toMatchObject([
      { orderId: 'o-1', seen: { version: 1, status: 'placed' } },
      { orderId: 'o-1', seen: { version: 4, status: 'booked' } },
    ]);
    const [first, last] = reads as { askedAt: number; answeredAt: number }[];
    expect(first!.askedAt).toBeLessThanOrEqual(first!.answeredAt);
    expect(first!.answeredAt).toBeLessThan(last!.askedAt);
  });

  it('writes down that its order is said not to be there', async () => {
    const answers = [accepted, { status: 404 }, { status: 200, body: '{"status":"rejected"}' }];
    const { reads } = await shopAt(answers, { watches: true });
    expect(reads[0]).toMatchObject({ orderId: 'o-1', seen: null });
  });
});
