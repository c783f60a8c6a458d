import { Stripe } from 'stripe';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { GatewayDoor, newOrder, refusal } from '../testing/gateway-door.js';

/**
 * What the Stripe API documents about errors and idempotency keys, asked of the simulator through
 * the unmodified SDK. The wire itself (bytes, headers, pruning) is tested beside the simulator.
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

// docs.stripe.com/api/errors and docs.stripe.com/error-codes
describe('a request that is refused before anything happens', () => {
  test.each<[string, string, Record<string, unknown>]>([
    ['an amount of 0', 'amount', { amount: 0 }],
    ['an amount with a fraction', 'amount', { amount: 42.5 }],
    ['a currency that is none', 'currency', { currency: 'euros' }],
    ['a parameter nobody knows', 'price', { price: 1 }],
    ['confirming while creating, which is not simulated', 'confirm', { confirm: true }],
    ['a payment method of nobody', 'payment_method', { payment_method: 'pm_of_nobody' }],
  ])('%s', async (_what, param, wrong) => {
    const order = newOrder();
    const error = await refusal(door.create(order, wrong));
    expect(error).toBeInstanceOf(errors.StripeInvalidRequestError);
    expect(error).toMatchObject({ statusCode: 400, param });
  });

  test('a missing amount', async () => {
    const call = stripe.paymentIntents.create({ currency: 'eur' } as never);
    expect(await refusal(call)).toMatchObject({ code: 'parameter_missing', param: 'amount' });
  });

  test('an intent that does not exist', async () => {
    const error = await refusal(stripe.paymentIntents.retrieve('pi_none'));
    expect(error).toMatchObject({ statusCode: 404, code: 'resource_missing' });
  });

  test('a key that is not a test key', async () => {
    const error = await refusal(door.sdk(0, 'sk_live_x').paymentIntents.retrieve('pi_none'));
    expect(error).toBeInstanceOf(errors.StripeAuthenticationError);
  });

  test('a resource that is not simulated is an error, too', async () => {
    const error = await refusal(stripe.customers.list());
    expect(error).toMatchObject({ statusCode: 404 });
  });
});

// docs.stripe.com/api/idempotent_requests and docs.stripe.com/error-low-level
describe('repeating with the same key', () => {
  const confirmation = { payment_method: 'pm_card_visa' };
  const cut = { operation: 'confirm', effect: 'drop-connection' } as const;

  test.each(['before', 'after'] as const)(
    'the connection is cut %s the effect, the SDK repeats by itself: one charge',
    async (when) => {
      const order = newOrder();
      const { id } = await door.create(order);
      await door.simulator.plan({ ...cut, when, orderId: order, count: 2 });
      const options = { idempotencyKey: `${order}:confirm` };
      const intent = await door.sdk(2).paymentIntents.confirm(id, confirmation, options);
      expect(intent.status).toBe('succeeded');
      expect(await door.simulator.fired()).toEqual([2]);
      expect(await door.simulator.charges(order)).toHaveLength(1);
      const replayed = intent.lastResponse.headers['idempotent-replayed'];
      expect(replayed).toBe(when === 'after' ? 'true' : undefined);
    },
  );

  test('without retries a reset is repeated once all the same: hence the key', async () => {
    const order = newOrder();
    const { id } = await door.create(order);
    await door.simulator.plan({ ...cut, when: 'after', orderId: order });
    const options = { idempotencyKey: `${order}:confirm` };
    expect((await stripe.paymentIntents.confirm(id, confirmation, options)).status).toBe(
      'succeeded',
    );
    const requests = await door.simulator.requests(order);
    expect(requests.filter(({ path }) => path.endsWith('/confirm'))).toHaveLength(2);
    expect(await door.simulator.charges(order)).toHaveLength(1);
  });

  test('other parameters: StripeIdempotencyError', async () => {
    const order = newOrder();
    await door.create(order);
    const error = await refusal(door.create(order, { amount: 4201 }));
    expect(error).toBeInstanceOf(errors.StripeIdempotencyError);
    expect(error.statusCode).toBe(400);
  });

  test('a stored 500 is what every repeat gets', async () => {
    const order = newOrder();
    const { id } = await door.create(order);
    const fault = { operation: 'confirm', when: 'after', effect: 'status-500' } as const;
    await door.simulator.plan({ ...fault, orderId: order });
    const options = { idempotencyKey: `${order}:confirm` };
    for (const replayed of [undefined, 'true']) {
      const error = await refusal(door.sdk(2).paymentIntents.confirm(id, confirmation, options));
      expect(error).toBeInstanceOf(errors.StripeAPIError);
      expect(error.headers?.['idempotent-replayed']).toBe(replayed);
    }
    expect((await stripe.paymentIntents.retrieve(id)).status).toBe('succeeded');
  });

  test('429 is StripeRateLimitError and not stored: the key may be used again', async () => {
    const order = newOrder();
    const fault = { operation: 'create', when: 'before', effect: 'status-429' } as const;
    await door.simulator.plan({ ...fault, orderId: order });
    expect(await refusal(door.create(order))).toBeInstanceOf(errors.StripeRateLimitError);
    expect((await door.create(order)).status).toBe('requires_payment_method');
  });
});
