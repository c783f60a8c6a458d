import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { books } from './gateway-books.js';
import { Load, openSessions } from './load.js';
import { ShopClient } from './shop-client.js';
import { until } from './until.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let url: string;
let behaviour: Handler;

beforeEach(async () => {
  server = createServer((request, response) => behaviour(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const session = { token: 't', customerId: 'c' };
const wish = { lines: [{ sku: 'espresso-cup', quantity: 1 }], paymentMethod: 'pm_card_visa' };

describe('the client program', () => {
  it('repeats an order with the same key until the answer is definite', async () => {
    const keys: unknown[] = [];
    const answers: Handler[] = [
      (request) => request.socket.destroy(),
      (_request, response) => response.writeHead(503).end(),
      (_request, response) => response.writeHead(409).end(),
      (_request, response) => response.writeHead(201).end('{"id":"o1"}'),
    ];
    behaviour = (request, response) => {
      keys.push(request.headers['idempotency-key']);
      answers.shift()!(request, response);
    };
    const placed = await new ShopClient(url).placeOrder(session, wish);
    expect(placed).toEqual({ id: 'o1', sendings: 4 });
    expect(new Set(keys).size).toBe(1);
  });

  it('takes a refusal for an answer', async () => {
    behaviour = (_request, response) => response.writeHead(422).end('no such product');
    const client = new ShopClient(url);
    await expect(client.placeOrder(session, wish)).rejects.toThrow('422: no such product');
  });

  it('says so when nobody ever answers', async () => {
    behaviour = (_request, response) => response.writeHead(503).end();
    const placing = new ShopClient(url).placeOrder(session, wish, { withinMs: 10 });
    await expect(placing).rejects.toThrow('no definite answer');
  });
});

describe('a load', () => {
  it('knows each order that was accepted, and ends when every answer is in', async () => {
    let orders = 0;
    behaviour = (request, response) => {
      const body = request.url === '/api/session' ? { token: 't' } : { id: `o${++orders}` };
      response.writeHead(201).end(JSON.stringify(body));
    };
    const client = new ShopClient(url);
    const customers = await openSessions(client, 3);
    const load = new Load({ client, customers, perSecond: 500, wish: () => wish });
    load.burst(5);
    await until({ what: 'orders', withinMs: 5_000 }, () => load.placed().length >= 10);
    const placed = await load.end();
    expect(placed).toHaveLength(orders);
    expect(new Set(placed).size).toBe(orders);
  });
});

describe("the gateway's books", () => {
  it('are read to the last page', async () => {
    const charge = {
      id: 'ch_1',
      amount: 4200,
      currency: 'eur',
      status: 'succeeded',
      metadata: { order_id: 'o1' },
    };
    behaviour = (request, response) => {
      const { searchParams } = new URL(request.url ?? '', url);
      const last = searchParams.get('cursor') === '2';
      const page = { data: last ? [{ ...charge, metadata: {} }] : [charge, charge] };
      response.end(JSON.stringify({ ...page, nextCursor: last ? null : '2' }));
    };
    const charges = await books(url);
    expect(charges.map(({ orderId }) => orderId)).toEqual(['o1', 'o1', null]);
    expect(charges[0]).toMatchObject({ amount: 4200n, currency: 'EUR' });
  });
});
