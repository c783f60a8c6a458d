import { until } from '@checkout/testkit';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Door, door } from './testing/door.js';

let shop: Door;
beforeEach(async () => {
  shop = await door();
});
afterEach(() => shop.stop());

const secret = 'cursor=what-nobody-should-read';

/** What the log has of it: one line, or the operator is blind. */
function theOneLine(): { fields: Record<string, unknown>; message: string } {
  expect(shop.logged).toHaveLength(1);
  const [, fields = '{}', message = ''] = /^(\{.*\}) (.*)$/.exec(shop.logged[0] ?? '') ?? [];
  expect(shop.logged[0]).not.toMatch(/what-nobody-should-read|\bat .*[.:]\d+\)/);
  return { fields: JSON.parse(fields) as Record<string, unknown>, message };
}

describe('a request that a service leaves unanswered is one line of the log', () => {
  it('when the service dies on the way: 502, with route, service and cause', async () => {
    shop.services.order.behave((request) => void request.socket.destroy());
    const answer = await fetch(`${shop.url}/api/orders?${secret}`);
    expect(answer.status).toBe(502);
    const { fields, message } = theOneLine();
    expect(fields).toEqual({
      route: 'GET /api/orders',
      upstream: shop.services.order.url,
      status: 502,
      cause: expect.stringMatching(/^(UND_ERR_SOCKET|ECONNRESET): \w/) as unknown,
    });
    expect(message).toBe('The service behind this address broke off');
  });

  it("when the gateway's webhook meets no payment service: 503", async () => {
    shop.services.payment.stop();
    const answer = await fetch(`${shop.url}/webhooks/stripe`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(503);
    expect(theOneLine().fields).toMatchObject({
      route: 'POST /webhooks/stripe',
      upstream: shop.services.payment.url,
      status: 503,
      cause: expect.stringMatching(/^ECONNREFUSED: /) as unknown,
    });
  });

  it('and an answer of the service, whatever it says, is none', async () => {
    shop.services.order.behave((_request, response) => void response.writeHead(502).end());
    expect((await fetch(`${shop.url}/api/orders`)).status).toBe(502);
    expect(shop.logged).toEqual([]);
  });
});

describe('a client that hangs up before its answer', () => {
  it('on its own side only has asked to its end, and is answered', async () => {
    let answer: ServerResponse | undefined;
    shop.services.order.behave((_request, response) => void (answer = response));
    const options = { port: Number(new URL(shop.url).port), allowHalfOpen: true };
    const socket = connect({ ...options, host: '127.0.0.1' });
    socket.end('POST /api/orders HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}');
    await until({ what: 'it is asked', withinMs: 2_000 }, () => answer !== undefined);
    // Whoever answers this one has read the end of the other before.
    await fetch(`${shop.url}/docs`);
    answer?.end('{"placed":true}');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\{"placed":true\}$/);
    expect(shop.logged).toEqual([]);
  });

  it('is noted, and is no fault of ours', async () => {
    let answer: ServerResponse | undefined;
    shop.services.order.behave((_request, response) => void (answer = response));
    const socket = connect(Number(new URL(shop.url).port), '127.0.0.1');
    socket.write('POST /api/orders HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}');
    await until({ what: 'it is asked', withinMs: 2_000 }, () => answer !== undefined);
    socket.resetAndDestroy();
    // Whoever answers this one has read the end of the other before.
    await fetch(`${shop.url}/docs`);
    answer?.end('{}');
    await until({ what: 'it is noted', withinMs: 2_000 }, () => shop.logged.length > 0);
    expect(theOneLine()).toEqual({
      fields: { route: 'POST /api/*' },
      message: 'the client hung up before it had its answer',
    });
  });
});
