import { Stripe } from 'stripe';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { GatewayDoor, newOrder, refusal } from '../testing/gateway-door.js';

/**
 * What the Stripe API documents about refunds and cancellations, asked of the simulator through the
 * unmodified SDK. Each block names the page that its rules are from.
 */
let door: GatewayDoor;
let stripe: Stripe;

beforeAll(async () => {
  door = await GatewayDoor.open();
  stripe = door.stripe;
});
afterAll(() => door.close());
afterEach(() => door.simulator.plan());

const { errors } = Stripe;
const FEE_PATH = ['latest_charge.balance_transaction'];

async function charged(order = newOrder()): Promise<Stripe.PaymentIntent> {
  const { id } = await door.create(order);
  return stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
}

const returned = async (order: string): Promise<number[]> =>
  (await door.simulator.refunds(order)).map(({ amount }) => amount);

// docs.stripe.com/api/refunds/create and docs.stripe.com/refunds
describe('a refund', () => {
  test('without an amount returns all of it, and names charge and intent', async () => {
    const order = newOrder();
    const intent = await charged(order);
    const refund = await stripe.refunds.create({
      payment_intent: intent.id,
      reason: 'requested_by_customer',
      metadata: { order_id: order },
    });
    expect(refund).toMatchObject({
      object: 'refund',
      amount: 4200,
      currency: 'eur',
      status: 'succeeded',
      reason: 'requested_by_customer',
      payment_intent: intent.id,
      charge: intent.latest_charge,
      metadata: { order_id: order },
    });
    expect(refund.id).toMatch(/^re_/);
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ id: refund.id, amount: 4200 });
    expect(await returned(order)).toEqual([4200]);
  });

  test('may name the charge instead of its intent', async () => {
    const order = newOrder();
    const intent = await charged(order);
    const refund = await stripe.refunds.create({ charge: String(intent.latest_charge) });
    expect(refund).toMatchObject({ payment_intent: intent.id, amount: 4200 });
  });

  test('in parts: as much as was captured in all, and shown on the charge', async () => {
    const order = newOrder();
    const { id } = await charged(order);
    for (const amount of [1200, 2999]) await stripe.refunds.create({ payment_intent: id, amount });
    const error = await refusal(stripe.refunds.create({ payment_intent: id, amount: 2 }));
    expect(error).toMatchObject({ statusCode: 400, param: 'amount' });
    await stripe.refunds.create({ payment_intent: id });
    expect(await returned(order)).toEqual([1200, 2999, 1]);
    const looked = await stripe.paymentIntents.retrieve(id, { expand: FEE_PATH });
    expect(looked).toMatchObject({
      status: 'succeeded',
      amount_received: 4200,
      latest_charge: { amount_refunded: 4200, refunded: true },
    });
  });

  test('of a charge that was returned already is refused', async () => {
    const { id } = await charged();
    await stripe.refunds.create({ payment_intent: id });
    const error = await refusal(stripe.refunds.create({ payment_intent: id }));
    expect(error).toBeInstanceOf(errors.StripeInvalidRequestError);
    expect(error).toMatchObject({ statusCode: 400, code: 'charge_already_refunded' });
  });

  test('twenty at once return the captured amount and no more', async () => {
    const order = newOrder();
    const { id } = await charged(order);
    const attempts = Array.from({ length: 20 }, (_, n) =>
      stripe.refunds.create(
        { payment_intent: id, amount: 1000 },
        { idempotencyKey: `${order}:refund:${n}` },
      ),
    );
    const done = await Promise.allSettled(attempts);
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    expect(await returned(order)).toEqual([1000, 1000, 1000, 1000]);
  });

  test.each([
    ['an intent that was never confirmed', async () => (await door.create(newOrder())).id],
    [
      'an intent that was canceled',
      async () => (await stripe.paymentIntents.cancel((await door.create(newOrder())).id)).id,
    ],
    [
      'an intent whose charge was declined',
      async () => {
        const { id } = await door.create(newOrder());
        const method = { payment_method: 'pm_card_visa_chargeDeclined' };
        await refusal(stripe.paymentIntents.confirm(id, method));
        return id;
      },
    ],
  ])('of %s is refused', async (_what, intentOf) => {
    const payment_intent = await intentOf();
    const error = await refusal(stripe.refunds.create({ payment_intent }));
    expect(error).toBeInstanceOf(errors.StripeInvalidRequestError);
    expect(error.message).toContain('successful charge');
  });

  test.each<[string, string, Stripe.RefundCreateParams]>([
    ['neither intent nor charge', 'payment_intent', {}],
    ['an unknown intent', 'payment_intent', { payment_intent: 'pi_none' }],
    ['an unknown charge', 'charge', { charge: 'ch_none' }],
    ['an amount of 0', 'amount', { payment_intent: 'pi_none', amount: 0 }],
    ['an amount with a fraction', 'amount', { payment_intent: 'pi_none', amount: 4.2 }],
    ['a reason nobody knows', 'reason', { payment_intent: 'pi_none', reason: 'x' }],
  ])('%s: refused before anything happens', async (_what, param, parameters) => {
    const error = await refusal(stripe.refunds.create(parameters));
    expect(error).toBeInstanceOf(errors.StripeInvalidRequestError);
    expect(error.param).toBe(param);
  });

  test('that does not exist cannot be retrieved', async () => {
    const error = await refusal(stripe.refunds.retrieve('re_none'));
    expect(error).toMatchObject({ statusCode: 404, code: 'resource_missing' });
  });
});

// docs.stripe.com/api/refunds/list
test('refunds are listed newest first, by intent, by charge, and in pages', async () => {
  const { id, latest_charge } = await charged();
  await stripe.refunds.create({ payment_intent: (await charged()).id });
  const made: string[] = [];
  for (const amount of [1, 2, 3, 4, 5]) {
    made.unshift((await stripe.refunds.create({ payment_intent: id, amount })).id);
  }
  const seen: string[] = [];
  const list = stripe.refunds.list({ payment_intent: id, limit: 2 });
  for await (const refund of list) seen.push(refund.id);
  expect(seen).toEqual(made);
  const byCharge = await stripe.refunds.list({ charge: String(latest_charge) });
  expect(byCharge).toMatchObject({ object: 'list', has_more: false });
  expect(byCharge.data.map((refund) => refund.id)).toEqual(made);
});

// docs.stripe.com/api/idempotent_requests and docs.stripe.com/error-low-level
describe.each(['refund', 'cancel'] as const)('repeating a %s with the same key', (operation) => {
  async function repeatable(order: string): Promise<(retries: number) => Promise<Answered>> {
    const id = operation === 'refund' ? (await charged(order)).id : (await door.create(order)).id;
    const options = { idempotencyKey: `${order}:${operation}` };
    return (retries) =>
      operation === 'refund'
        ? door.sdk(retries).refunds.create({ payment_intent: id }, options)
        : door.sdk(retries).paymentIntents.cancel(id, {}, options);
  }
  type Answered = Stripe.Response<Stripe.Refund | Stripe.PaymentIntent>;

  test.each(['before', 'after'] as const)(
    'the connection is cut %s the effect, the SDK repeats by itself: one effect',
    async (when) => {
      const order = newOrder();
      const call = await repeatable(order);
      await door.simulator.plan({ operation, when, effect: 'drop-connection', orderId: order });
      const answered = await call(1);
      expect(await door.simulator.fired()).toEqual([1]);
      const replayed = answered.lastResponse.headers['idempotent-replayed'];
      expect(replayed).toBe(when === 'after' ? 'true' : undefined);
      expect(await returned(order)).toHaveLength(operation === 'refund' ? 1 : 0);
    },
  );

  test('a stored 500 is what every repeat gets', async () => {
    const order = newOrder();
    const call = await repeatable(order);
    await door.simulator.plan({ operation, when: 'after', effect: 'status-500', orderId: order });
    for (const replayed of [undefined, 'true']) {
      const error = await refusal(call(0));
      expect(error).toBeInstanceOf(errors.StripeAPIError);
      expect(error.headers?.['idempotent-replayed']).toBe(replayed);
    }
    expect(await returned(order)).toHaveLength(operation === 'refund' ? 1 : 0);
  });

  test('429 is not stored: the key may be used again', async () => {
    const order = newOrder();
    const call = await repeatable(order);
    await door.simulator.plan({ operation, when: 'before', effect: 'status-429', orderId: order });
    expect(await refusal(call(0))).toBeInstanceOf(errors.StripeRateLimitError);
    expect((await call(0)).id).toMatch(/^(re|pi)_/);
  });
});

test('a refund with the same key and another amount is refused', async () => {
  const order = newOrder();
  const { id } = await charged(order);
  const options = { idempotencyKey: `${order}:refund:1` };
  await stripe.refunds.create({ payment_intent: id, amount: 1000 }, options);
  const error = await refusal(stripe.refunds.create({ payment_intent: id, amount: 1001 }, options));
  expect(error).toBeInstanceOf(errors.StripeIdempotencyError);
  expect(await returned(order)).toEqual([1000]);
});
