import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { until } from '@checkout/testkit';
import { Stripe } from 'stripe';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { GatewayDoor, newOrder, refusal } from '../testing/gateway-door.js';
import { freePort } from '../testing/simulator.js';

/**
 * What the Stripe API documents about events and webhooks, asked of the simulator through the
 * unmodified SDK: events are listed, and told to an endpoint that checks them with the SDK.
 */
const SECRET = 'whsec_of_the_conformance_tests_and_of_nobody_else';

let door: GatewayDoor;
let endpoint: Server;
/** What came in, and how many answers of 500 are still to be given. */
const told: Stripe.Event[] = [];
let failures = 0;

beforeAll(async () => {
  const port = await freePort();
  endpoint = createServer((request, response) => {
    void text(request).then((body) => {
      const signature = request.headers['stripe-signature'] ?? '';
      const event = Stripe.webhooks.constructEvent(body, signature, SECRET);
      if (failures-- > 0) response.writeHead(500).end();
      else response.writeHead(200).end(() => told.push(event));
    });
  }).listen(port, '127.0.0.1');
  await once(endpoint, 'listening');
  door = await GatewayDoor.open({ url: `http://127.0.0.1:${port}/`, secret: SECRET });
});
afterAll(async () => {
  await door.close();
  endpoint.close();
});
afterEach(async () => {
  failures = 0;
  await door.simulator.plan();
});

const about = (order: string): Stripe.Event[] =>
  told.filter(({ data }) => {
    const { metadata } = data.object as { metadata?: Record<string, string> };
    return metadata?.['order_id'] === order;
  });

async function hears(order: string, events: number): Promise<Stripe.Event[]> {
  const wait = { what: `${events} events of ${order}`, withinMs: 10_000, everyMs: 20 };
  await until(wait, async () => about(order).length >= events);
  return about(order);
}

async function confirmed(order: string, payment_method = 'pm_card_visa'): Promise<string> {
  const { id } = await door.create(order);
  const options = { idempotencyKey: `${order}:confirm` };
  await door.stripe.paymentIntents.confirm(id, { payment_method }, options);
  return id;
}

// docs.stripe.com/api/events/types
describe('an event is told', () => {
  test('of a success, with the intent and the key of the request', async () => {
    const order = newOrder();
    const id = await confirmed(order);
    const [event] = await hears(order, 1);
    expect(event).toMatchObject({
      object: 'event',
      type: 'payment_intent.succeeded',
      api_version: '2026-10-28.endive',
      livemode: false,
      data: { object: { id, object: 'payment_intent', status: 'succeeded', amount: 4200 } },
      request: { idempotency_key: `${order}:confirm` },
    });
    expect(event?.id).toMatch(/^evt_/);
  });

  test('of a decline, with its reason', async () => {
    const order = newOrder();
    await refusal(confirmed(order, 'pm_card_visa_chargeDeclinedLostCard'));
    expect((await hears(order, 1))[0]).toMatchObject({
      type: 'payment_intent.payment_failed',
      data: { object: { last_payment_error: { decline_code: 'lost_card' } } },
    });
  });

  test('of a cancellation', async () => {
    const order = newOrder();
    await door.stripe.paymentIntents.cancel((await door.create(order)).id);
    expect((await hears(order, 1))[0]).toMatchObject({
      type: 'payment_intent.canceled',
      data: { object: { status: 'canceled' } },
    });
  });

  test('of each refund, with the charge as it is then', async () => {
    const order = newOrder();
    const payment_intent = await confirmed(order);
    await door.stripe.refunds.create({ payment_intent, amount: 1200 });
    await door.stripe.refunds.create({ payment_intent });
    const refunds = (await hears(order, 3)).filter(({ type }) => type === 'charge.refunded');
    const charges = refunds.map(({ data }) => data.object as Stripe.Charge);
    const returned = charges.map(({ amount_refunded, refunded }) => [amount_refunded, refunded]);
    expect(returned).toEqual(
      expect.arrayContaining([
        [1200, false],
        [4200, true],
      ]),
    );
  });

  test('once for one effect, however often the request is repeated', async () => {
    const order = newOrder();
    const { id } = await door.create(order);
    const options = { idempotencyKey: `${order}:confirm` };
    for (const method of Array.from({ length: 3 }, () => ({ payment_method: 'pm_card_visa' }))) {
      await door.stripe.paymentIntents.confirm(id, method, options);
    }
    await hears(order, 1);
    const listed = await door.stripe.events.list({ limit: 100 });
    expect(
      listed.data.filter(({ request }) => request?.idempotency_key === options.idempotencyKey),
    ).toHaveLength(1);
  });
});

// docs.stripe.com/webhooks
describe('the endpoint', () => {
  test('that answers 500 is told again, the same event', async () => {
    failures = 2;
    const order = newOrder();
    await confirmed(order);
    expect(new Set((await hears(order, 1)).map(({ id }) => id)).size).toBe(1);
    expect(failures).toBeLessThanOrEqual(0);
  });

  test.each([
    ['in copies', { effect: 'duplicate', copies: 3 }, 3],
    ['at the second try', { effect: 'drop-connection' }, 1],
  ] as const)('is told %s, when that is planned', async (_what, fault, times) => {
    const order = newOrder();
    await door.simulator.plan({ operation: 'webhook', when: 'before', ...fault, orderId: order });
    await confirmed(order);
    const events = await hears(order, times);
    expect(events).toHaveLength(times);
    expect(new Set(events.map(({ id }) => id)).size).toBe(1);
  });

  test('is told of the refund before the charge, when the first is late', async () => {
    const order = newOrder();
    const late = { operation: 'webhook', when: 'before', effect: 'delay', delayMs: 1_500 } as const;
    await door.simulator.plan({ ...late, orderId: order });
    await door.stripe.refunds.create({ payment_intent: await confirmed(order) });
    const types = (await hears(order, 2)).map(({ type }) => type);
    expect(types).toEqual(['charge.refunded', 'payment_intent.succeeded']);
  });
});

// docs.stripe.com/api/events/list
describe('events', () => {
  test('are listed newest first, by type, and in pages', async () => {
    const orders = [newOrder(), newOrder(), newOrder()];
    for (const order of orders) await confirmed(order);
    const seen: string[] = [];
    const list = door.stripe.events.list({ type: 'payment_intent.succeeded', limit: 2 });
    for await (const { data } of list) {
      seen.push((data.object as Stripe.PaymentIntent).metadata['order_id'] ?? '');
    }
    expect(seen.slice(0, 3)).toEqual(orders.toReversed());
  });

  test('can be retrieved by their ids', async () => {
    const order = newOrder();
    await confirmed(order);
    const [event] = await hears(order, 1);
    expect(await door.stripe.events.retrieve(event?.id ?? '')).toMatchObject({
      type: event?.type,
      data: event?.data,
    });
    expect((await refusal(door.stripe.events.retrieve('evt_none'))).statusCode).toBe(404);
  });
});
