import { until } from '@checkout/testkit';
import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CALL_TIMEOUT_MS } from '../timing.js';
import { GatewayDoor, newOrder, refusal } from '../testing/gateway-door.js';

/**
 * The two cards that Stripe has not: what they do to an answer, seen through the unmodified SDK,
 * and the search that lags.
 */
let door: GatewayDoor;
let stripe: Stripe;

beforeAll(async () => {
  door = await GatewayDoor.open();
  stripe = door.stripe;
});
afterAll(() => door.close());

describe('pm_card_visa_slow', () => {
  test('is charged after about five seconds, within the time-out of one call', async () => {
    const order = newOrder();
    const { id } = await door.create(order);
    const asked = performance.now();
    const intent = await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa_slow' });
    const tookMs = performance.now() - asked;
    expect(intent.status).toBe('succeeded');
    expect(tookMs).toBeGreaterThan(4_900);
    expect(tookMs).toBeLessThan(CALL_TIMEOUT_MS);
    expect(await door.simulator.charges(order)).toHaveLength(1);
  });

  test('meanwhile nothing is charged, and a cancellation is faster', async () => {
    const order = newOrder();
    const { id } = await door.create(order);
    const method = { payment_method: 'pm_card_visa_slow' };
    const confirmation = refusal(stripe.paymentIntents.confirm(id, method));
    await until({ what: 'the confirmation arrives', withinMs: 2_000, everyMs: 20 }, async () =>
      (await door.simulator.requests(order)).some(({ path }) => path.endsWith('/confirm')),
    );
    expect((await stripe.paymentIntents.cancel(id)).status).toBe('canceled');
    expect((await confirmation).code).toBe('payment_intent_unexpected_state');
    expect(await door.simulator.charges(order)).toEqual([]);
  });
});

describe('pm_card_visa_answerLost', () => {
  test('is charged, the answer is lost, and the same key gets it', async () => {
    const order = newOrder();
    const { id } = await door.create(order);
    const method = { payment_method: 'pm_card_visa_answerLost' };
    const options = { idempotencyKey: `${order}:confirm` };
    const intent = await door.sdk(1).paymentIntents.confirm(id, method, options);
    expect(intent.status).toBe('succeeded');
    expect(intent.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(await door.simulator.charges(order)).toHaveLength(1);
    const again = await stripe.paymentIntents.confirm(id, method, options);
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
  });

  test('named at the creation it does the same', async () => {
    const order = newOrder();
    const { id } = await door.create(order, { payment_method: 'pm_card_visa_answerLost' });
    const options = { idempotencyKey: `${order}:confirm` };
    const intent = await door.sdk(1).paymentIntents.confirm(id, {}, options);
    expect(intent.lastResponse.headers['idempotent-replayed']).toBe('true');
    const confirmations = (await door.simulator.requests(order)).filter(({ path }) =>
      path.endsWith('/confirm'),
    );
    expect(confirmations.map(({ status, replayed }) => [status, replayed])).toEqual([
      [200, false],
      [200, true],
    ]);
  });
});

// docs.stripe.com/search
describe('searching by metadata', () => {
  const found = async (order: string): Promise<string[]> => {
    const query = `metadata['order_id']:'${order}'`;
    return (await stripe.paymentIntents.search({ query })).data.map(({ id }) => id);
  };

  test('finds an intent a minute after it was made, not before: no proof of absence', async () => {
    const order = newOrder();
    const { id } = await door.create(order);
    await door.create(newOrder());
    expect(await found(order)).toEqual([]);
    await door.simulator.setClock(61_000);
    expect(await found(order)).toEqual([id]);
    await door.simulator.setClock(0);
  });

  test('pages through all of them once', async () => {
    const tag = newOrder();
    const made: string[] = [];
    for (let n = 0; n < 5; n++) {
      made.unshift((await door.create(newOrder(), { metadata: { tag } })).id);
    }
    await door.simulator.setClock(61_000);
    const seen: string[] = [];
    const query = `metadata["tag"]:"${tag}"`;
    for await (const { id } of stripe.paymentIntents.search({ query, limit: 2 })) seen.push(id);
    expect(seen).toEqual(made);
    await door.simulator.setClock(0);
  });

  test('in another language is refused', async () => {
    const error = await refusal(stripe.paymentIntents.search({ query: "status:'succeeded'" }));
    expect(error).toMatchObject({ statusCode: 400, param: 'query' });
  });
});
