import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { Stripe } from 'stripe';
import { StripeHttp } from './stripe-http.js';

const KEY = '0190a6b2-6f00-7000-8000-000000000001:create:1';
let server: Server | undefined;
let http: StripeHttp | undefined;

afterEach(() => {
  http?.close();
  server?.closeAllConnections();
  server?.close();
});

type Handler = Parameters<typeof createServer>[1];

/** The unmodified SDK over our client, and how many requests arrived. */
async function sdkAgainst(handler: NonNullable<Handler>) {
  const seen: (string | undefined)[] = [];
  server = createServer((request, response) => {
    seen.push(request.headers['idempotency-key'] as string | undefined);
    handler(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  http = new StripeHttp();
  const stripe = new Stripe('sk_test_x', {
    host: '127.0.0.1',
    port: (server.address() as { port: number }).port,
    protocol: 'http',
    httpClient: http,
    maxNetworkRetries: 0,
    timeout: 300,
    telemetry: false,
  });
  return { stripe, seen };
}

const parameters = { amount: 4200, currency: 'eur' };
const answering: Handler = (_request, response) => response.end('{"id":"pi_1","object":"x"}');

describe('every POST carries a key of ours', () => {
  test('with it the call goes out', async () => {
    const { stripe, seen } = await sdkAgainst(answering);
    await stripe.paymentIntents.create(parameters, { idempotencyKey: KEY });
    expect(seen).toEqual([KEY]);
  });

  test.each([
    ['forgotten: the SDK draws one', undefined],
    ['an empty one', ''],
    ['one of another shape', 'order-1'],
    ['one with a random part', `${KEY}:a8f3`],
  ])('%s: nothing leaves', async (_what, idempotencyKey) => {
    const { stripe, seen } = await sdkAgainst(answering);
    const options = idempotencyKey === undefined ? {} : { idempotencyKey };
    const call = stripe.paymentIntents.create(parameters, options);
    const error = await call.catch((thrown: unknown) => thrown as { detail?: Error });
    expect((error as { detail?: Error }).detail?.name).toBe('BugError');
    expect(seen).toEqual([]);
  });

  test('a look needs none', async () => {
    const { stripe, seen } = await sdkAgainst(answering);
    await stripe.paymentIntents.retrieve('pi_1');
    expect(seen).toEqual([undefined]);
  });
});

describe('one call is one request', () => {
  test('a reset is not repeated behind our back', async () => {
    const { stripe, seen } = await sdkAgainst((request) => request.socket.resetAndDestroy());
    const call = stripe.paymentIntents.create(parameters, { idempotencyKey: KEY });
    await expect(call).rejects.toBeInstanceOf(Stripe.errors.StripeConnectionError);
    expect(seen).toEqual([KEY]);
  });

  test.each([409, 500, 503])('%i is not repeated behind our back', async (status) => {
    const { stripe, seen } = await sdkAgainst((_request, response) => {
      response.writeHead(status, { 'stripe-should-retry': 'true' });
      response.end('{"error":{"type":"api_error","message":"no"}}');
    });
    const call = stripe.paymentIntents.create(parameters, { idempotencyKey: KEY });
    await expect(call).rejects.toBeInstanceOf(Stripe.errors.StripeAPIError);
    expect(seen).toEqual([KEY]);
  });
});

describe('a call ends within its time-out', () => {
  test('when nothing is answered', async () => {
    const { stripe } = await sdkAgainst(() => undefined);
    const call = stripe.paymentIntents.create(parameters, { idempotencyKey: KEY });
    await expect(call).rejects.toMatchObject({ detail: { message: 'no answer within 300 ms' } });
  });

  test('when the answer trickles, a byte at a time', async () => {
    const { stripe } = await sdkAgainst((_request, response) => {
      const trickle = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(trickle));
    });
    const call = stripe.paymentIntents.create(parameters, { idempotencyKey: KEY });
    await expect(call).rejects.toMatchObject({ detail: { message: 'no answer within 300 ms' } });
  });
});
