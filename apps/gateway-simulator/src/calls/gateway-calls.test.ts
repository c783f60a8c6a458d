import 'reflect-metadata';
import { freshDatabase, type FreshDatabase, until } from '@checkout/testkit';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { GatewayUnderTest } from '../testing/gateway-under-test.js';

let database: FreshDatabase;
let gateway: GatewayUnderTest;

beforeAll(async () => {
  database = await freshDatabase();
  gateway = await GatewayUnderTest.start(database.url);
}, 30_000);
afterAll(async () => {
  await gateway.stop();
  await database.drop();
});
afterEach(async () => {
  await gateway.put('/faults', []);
  await gateway.put('/clock', { offsetMs: 0 });
});

const HOUR_MS = 3_600_000;
const order = (): string => `order-${randomUUID()}`;
const charges = async (orderId: string): Promise<readonly { status: string }[]> =>
  (await gateway.get(`/books/charges?orderId=${orderId}`)).body.data;

// Rules of docs.stripe.com/api/idempotent_requests and docs.stripe.com/error-low-level.
describe('a key', () => {
  test('replays the first answer, byte for byte, and says so', async () => {
    const id = order();
    const intent = await gateway.intentOf(id);
    const first = await gateway.confirm(intent, `${id}:1`);
    const repeat = await gateway.confirm(intent, `${id}:1`);
    expect(first.status).toBe(200);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(repeat.text).toBe(first.text);
    expect(repeat.headers.get('idempotent-replayed')).toBe('true');
    expect(repeat.headers.get('original-request')).toBe(first.headers.get('request-id'));
    expect(repeat.headers.get('request-id')).not.toBe(first.headers.get('request-id'));
    expect(await charges(id)).toHaveLength(1);
  });

  test('replays a decline, too: 402 is a result', async () => {
    const id = order();
    const intent = await gateway.intentOf(id);
    const first = await gateway.confirm(intent, `${id}:1`, 'pm_card_visa_chargeDeclined');
    const repeat = await gateway.confirm(intent, `${id}:1`, 'pm_card_visa_chargeDeclined');
    expect(first.status).toBe(402);
    expect(repeat.text).toBe(first.text);
    expect(await charges(id)).toEqual([expect.objectContaining({ status: 'failed' })]);
  });

  test('replays an error about the state of the intent: execution had begun', async () => {
    const id = order();
    const intent = await gateway.intentOf(id);
    await gateway.confirm(intent, `${id}:1`);
    const first = await gateway.confirm(intent, `${id}:2`);
    expect(first.body.error.code).toBe('payment_intent_unexpected_state');
    const repeat = await gateway.confirm(intent, `${id}:2`);
    expect(repeat.headers.get('idempotent-replayed')).toBe('true');
    expect(repeat.text).toBe(first.text);
  });

  test.each([
    ['before', 'nothing happened', 0],
    ['after', 'the charge exists', 1],
  ])('replays a 500 for ever (planned %s the effect: %s)', async (when, _what, charged) => {
    const id = order();
    const intent = await gateway.intentOf(id);
    await gateway.put('/faults', { operation: 'confirm', when, effect: 'status-500', orderId: id });
    for (const replayed of [null, 'true', 'true']) {
      const answer = await gateway.confirm(intent, `${id}:1`);
      expect(answer.status).toBe(500);
      expect(answer.headers.get('idempotent-replayed')).toBe(replayed);
      expect(answer.headers.get('stripe-should-retry')).toBe('false');
    }
    expect(await charges(id)).toHaveLength(charged);
  });

  test('with other parameters is refused, and the first answer stays', async () => {
    const id = order();
    const first = await gateway.create(id);
    const form = { amount: '4201', currency: 'eur', 'metadata[order_id]': id };
    const other = await gateway.post('/v1/payment_intents', form, `${id}:create`);
    expect(other.status).toBe(400);
    expect(other.body.error.type).toBe('idempotency_error');
    expect((await gateway.create(id)).text).toBe(first.text);
  });

  test('with the same parameters in another order is the same request', async () => {
    const id = order();
    const first = await gateway.create(id);
    const form = { 'metadata[order_id]': id, currency: 'eur', amount: '4200' };
    const other = await gateway.post('/v1/payment_intents', form, `${id}:create`);
    expect(other.text).toBe(first.text);
  });

  test('at another endpoint is refused', async () => {
    const id = order();
    const intent = await gateway.intentOf(id);
    const answer = await gateway.confirm(intent, `${id}:create`);
    expect(answer.status).toBe(400);
    expect(answer.body.error.type).toBe('idempotency_error');
    expect(await charges(id)).toHaveLength(0);
  });

  test('whose first request is still running gets 409, and later the first answer', async () => {
    const id = order();
    const intent = await gateway.intentOf(id);
    const slow = { operation: 'confirm', when: 'before', effect: 'delay', delayMs: 400 };
    await gateway.put('/faults', { ...slow, orderId: id });
    const first = gateway.confirm(intent, `${id}:1`);
    await until({ what: 'the first request arrives', withinMs: 2_000 }, async () => {
      const { data } = (await gateway.get('/faults')).body;
      return data[0]?.fired === 1;
    });
    const second = await gateway.confirm(intent, `${id}:1`);
    expect(second.status).toBe(409);
    expect(second.body.error.code).toBe('idempotency_key_in_use');
    expect(second.headers.get('stripe-should-retry')).toBe('true');
    expect((await first).status).toBe(200);
    expect((await gateway.confirm(intent, `${id}:1`)).text).toBe((await first).text);
    expect(await charges(id)).toHaveLength(1);
  });

  test('many at once: one effect, and everybody is told the same or to wait', async () => {
    const id = order();
    const intent = await gateway.intentOf(id);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => gateway.confirm(intent, `${id}:1`)),
    );
    const bodies = new Set(answers.filter((a) => a.status === 200).map((a) => a.text));
    expect(bodies.size).toBe(1);
    expect(answers.every((a) => a.status === 200 || a.status === 409)).toBe(true);
    expect(await charges(id)).toHaveLength(1);
  });

  test('is not used up by parameters that are refused', async () => {
    const id = order();
    const key = `${id}:create`;
    const wrong = { amount: '42.5', currency: 'eur', 'metadata[order_id]': id };
    expect((await gateway.post('/v1/payment_intents', wrong, key)).status).toBe(400);
    const right = await gateway.create(id, key);
    expect(right.status).toBe(200);
    expect(right.headers.get('idempotent-replayed')).toBeNull();
  });

  test('is not used up by the rate limit, which stands before it', async () => {
    const id = order();
    const limit = { operation: 'create', when: 'before', effect: 'status-429', orderId: id };
    await gateway.put('/faults', limit);
    expect((await gateway.create(id)).status).toBe(429);
    const again = await gateway.create(id);
    expect(again.status).toBe(200);
    expect(again.headers.get('idempotent-replayed')).toBeNull();
  });

  test('is forgotten after 24 h, and then executes again', async () => {
    const id = order();
    const first = await gateway.create(id);
    await gateway.put('/clock', { offsetMs: 24 * HOUR_MS - 60_000 });
    expect((await gateway.create(id)).text).toBe(first.text);
    await gateway.put('/clock', { offsetMs: 24 * HOUR_MS + 60_000 });
    const again = await gateway.create(id);
    expect(again.status).toBe(200);
    expect(again.body.id).not.toBe(first.body.id);
  });

  test('has at most 255 characters', async () => {
    expect((await gateway.create(order(), 'k'.repeat(255))).status).toBe(200);
    expect((await gateway.create(order(), 'k'.repeat(256))).status).toBe(400);
  });

  test('is remembered by the database: a restart replays what was said before it', async () => {
    const id = order();
    const intent = await gateway.intentOf(id);
    const first = await gateway.confirm(intent, `${id}:1`);
    await gateway.stop();
    gateway = await GatewayUnderTest.start(database.url);
    const repeat = await gateway.confirm(intent, `${id}:1`);
    expect(repeat.text).toBe(first.text);
    expect(repeat.headers.get('idempotent-replayed')).toBe('true');
  });
});

test('without a key each POST executes', async () => {
  const id = order();
  const form = { amount: '4200', currency: 'eur', 'metadata[order_id]': id };
  const one = await gateway.post('/v1/payment_intents', form);
  const two = await gateway.post('/v1/payment_intents', form);
  expect(one.body.id).not.toBe(two.body.id);
});

describe('one intent charges once', () => {
  test('however many keys confirm it at the same time', async () => {
    const id = order();
    const intent = await gateway.intentOf(id);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => gateway.confirm(intent, `${id}:${n}`)),
    );
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1);
    expect(await charges(id)).toEqual([expect.objectContaining({ status: 'succeeded' })]);
  });

  test('and the database would refuse a second success by itself', async () => {
    const id = order();
    await gateway.confirm(await gateway.intentOf(id), `${id}:1`);
    const again = database.query(
      `INSERT INTO charges (id, payment_intent, amount, currency, status, payment_method,
         balance_transaction, fee, metadata, created)
       SELECT 'ch_again', payment_intent, amount, currency, 'succeeded', payment_method, 'txn_x', 1,
         metadata, created FROM charges WHERE order_id = $1`,
      [id],
    );
    await expect(again).rejects.toThrow('one_successful_charge_per_intent');
  });
});

describe('planned faults', () => {
  test('a connection cut before the effect: nothing happened and nothing is stored', async () => {
    const id = order();
    const intent = await gateway.intentOf(id);
    const cut = { operation: 'confirm', when: 'before', effect: 'drop-connection', orderId: id };
    await gateway.put('/faults', cut);
    await expect(gateway.confirm(intent, `${id}:1`)).rejects.toThrow();
    expect(await charges(id)).toHaveLength(0);
    const again = await gateway.confirm(intent, `${id}:1`);
    expect(again.headers.get('idempotent-replayed')).toBeNull();
    expect(await charges(id)).toHaveLength(1);
  });

  test('the n-th call of an order can be aimed at, and each fault counts its hits', async () => {
    const id = order();
    const intent = await gateway.intentOf(id);
    const cut = { operation: 'confirm', when: 'after', effect: 'drop-connection' };
    await gateway.put('/faults', { ...cut, orderId: id, nth: 2, count: 1 });
    const declining = 'pm_card_visa_chargeDeclined';
    expect((await gateway.confirm(intent, `${id}:1`, declining)).status).toBe(402);
    expect((await gateway.confirm(await gateway.intentOf(order()), 'other')).status).toBe(200);
    await expect(gateway.confirm(intent, `${id}:2`)).rejects.toThrow();
    const replay = await gateway.confirm(intent, `${id}:2`);
    expect(replay.body.status).toBe('succeeded');
    expect((await gateway.get('/faults')).body.data).toEqual([
      expect.objectContaining({ ...cut, orderId: id, nth: 2, count: 1, seen: 2, fired: 1 }),
    ]);
    const booked = (await gateway.get(`/books/requests?orderId=${id}`)).body.data;
    expect(booked.map((row) => row.fault)).toContain('after/drop-connection');
  });

  test('an unknown effect is refused with the place of the mistake', async () => {
    const answer = await gateway.put('/faults', [
      { operation: 'create', when: 'before', effect: 'explode' },
    ]);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0]?.path).toBe('0.effect');
  });
});
