import { Stripe } from 'stripe';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { GatewayDoor, newOrder, refusal } from '../testing/gateway-door.js';

/**
 * What the Stripe API documents about PaymentIntents, asked of the simulator through the unmodified
 * SDK. Each block names the page that its rules are from.
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

// docs.stripe.com/payments/paymentintents/lifecycle
describe('the life of a PaymentIntent', () => {
  test('created without a method it requires one', async () => {
    const intent = await door.create(newOrder());
    expect(intent).toMatchObject({
      object: 'payment_intent',
      status: 'requires_payment_method',
      amount: 4200,
      amount_received: 0,
      currency: 'eur',
      latest_charge: null,
      livemode: false,
    });
    expect(intent.id).toMatch(/^pi_/);
  });

  test('created with a method it requires confirmation, and has charged nobody', async () => {
    const order = newOrder();
    const intent = await door.create(order, { payment_method: 'pm_card_visa' });
    expect(intent.status).toBe('requires_confirmation');
    expect(await door.simulator.charges(order)).toEqual([]);
  });

  test('confirmed it succeeds and names its charge', async () => {
    const { id } = await door.create(newOrder());
    const intent = await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
    expect(intent).toMatchObject({ id, status: 'succeeded', amount_received: 4200 });
    expect(intent.latest_charge).toMatch(/^ch_/);
  });

  test('confirmed with the method it was created with it succeeds', async () => {
    const { id } = await door.create(newOrder(), { payment_method: 'pm_card_visa' });
    expect((await stripe.paymentIntents.confirm(id)).status).toBe('succeeded');
  });

  test('declined it is back at requires_payment_method; another card may pay', async () => {
    const order = newOrder();
    const { id } = await door.create(order);
    const declining = { payment_method: 'pm_card_visa_chargeDeclined' };
    await refusal(stripe.paymentIntents.confirm(id, declining));
    const declined = await stripe.paymentIntents.retrieve(id);
    expect(declined).toMatchObject({ status: 'requires_payment_method', payment_method: null });
    expect(declined.last_payment_error).toMatchObject({
      type: 'card_error',
      code: 'card_declined',
      decline_code: 'generic_decline',
      charge: declined.latest_charge,
    });
    const paid = await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
    expect(paid).toMatchObject({ status: 'succeeded', last_payment_error: null });
    const charges = await door.simulator.charges(order);
    expect(charges.map(({ status }) => status)).toEqual(['failed', 'succeeded']);
  });

  test('a card that wants authentication waits for it', async () => {
    const { id } = await door.create(newOrder());
    const method = { payment_method: 'pm_card_threeDSecure2Required' };
    const intent = await stripe.paymentIntents.confirm(id, method);
    expect(intent.status).toBe('requires_action');
    expect(intent.next_action).not.toBeNull();
  });

  test('or is declined, when nobody is there (error_on_requires_action)', async () => {
    const { id } = await door.create(newOrder());
    const error = await refusal(
      stripe.paymentIntents.confirm(id, {
        payment_method: 'pm_card_threeDSecure2Required',
        error_on_requires_action: true,
      }),
    );
    expect(error).toMatchObject({ statusCode: 402, decline_code: 'authentication_required' });
  });

  test('succeeded is final: no second confirmation, no cancellation', async () => {
    const order = newOrder();
    const { id } = await door.create(order);
    await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
    const again = [
      () => stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' }),
      () => stripe.paymentIntents.cancel(id),
    ];
    for (const call of again) {
      const error = await refusal(call());
      expect(error).toBeInstanceOf(errors.StripeInvalidRequestError);
      expect(error.code).toBe('payment_intent_unexpected_state');
      expect(error.payment_intent).toMatchObject({ id, status: 'succeeded' });
    }
    expect(await door.simulator.charges(order)).toHaveLength(1);
  });

  test('canceled is final: it can never charge', async () => {
    const order = newOrder();
    const { id } = await door.create(order);
    const canceled = await stripe.paymentIntents.cancel(id, { cancellation_reason: 'duplicate' });
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'duplicate' });
    const error = await refusal(
      stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' }),
    );
    expect(error.code).toBe('payment_intent_unexpected_state');
    expect(await door.simulator.charges(order)).toEqual([]);
  });
});

const FEE_PATH = ['latest_charge.balance_transaction'];

// docs.stripe.com/testing and docs.stripe.com/declines/codes
describe('a decline is a 402 card_error with its reason', () => {
  test.each([
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card'],
    ['pm_card_visa_chargeDeclinedVelocityLimitExceeded', 'card_declined', 'card_velocity_exceeded'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', 'processing_error'],
    ['pm_card_chargeCustomerFail', 'card_declined', 'generic_decline'],
  ])('%s', async (method, code, declineCode) => {
    const order = newOrder();
    const { id } = await door.create(order);
    const error = await refusal(stripe.paymentIntents.confirm(id, { payment_method: method }));
    expect(error).toBeInstanceOf(errors.StripeCardError);
    expect(error).toMatchObject({ statusCode: 402, code, decline_code: declineCode });
    expect(error.payment_intent).toMatchObject({ id, status: 'requires_payment_method' });
    expect((await door.simulator.charges(order)).map(({ status }) => status)).toEqual(['failed']);
  });
});

// docs.stripe.com/api/expanding_objects and docs.stripe.com/api/balance_transactions
describe('expanding', () => {
  test('shows the charge and what the gateway keeps of it', async () => {
    const { id } = await door.create(newOrder());
    const method = { payment_method: 'pm_card_visa', expand: FEE_PATH };
    const confirmed = await stripe.paymentIntents.confirm(id, method);
    const looked = await stripe.paymentIntents.retrieve(id, { expand: FEE_PATH });
    for (const { latest_charge } of [confirmed, looked]) {
      expect(latest_charge).toMatchObject({
        object: 'charge',
        status: 'succeeded',
        payment_intent: id,
        balance_transaction: { object: 'balance_transaction', amount: 4200, fee: 84, net: 4116 },
      });
    }
  });

  test('without it there are only ids', async () => {
    const { id } = await door.create(newOrder());
    await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
    expect((await stripe.paymentIntents.retrieve(id)).latest_charge).toMatch(/^ch_/);
    const half = await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] });
    expect((half.latest_charge as Stripe.Charge).balance_transaction).toMatch(/^txn_/);
  });
});

// docs.stripe.com/api/payment_intents/list and docs.stripe.com/api/pagination
describe('listing by creation time', () => {
  test('pages through every intent of the range once, newest first', async () => {
    const orders = Array.from({ length: 5 }, newOrder);
    const first = await door.create(orders[0]!);
    for (const order of orders.slice(1)) await door.create(order);
    const seen: Stripe.PaymentIntent[] = [];
    const created = { gte: first.created, lte: first.created + 60 };
    for await (const intent of stripe.paymentIntents.list({ created, limit: 2 })) seen.push(intent);
    const mine = seen.map(({ metadata }) => metadata['order_id'] ?? '');
    expect(mine.filter((order) => orders.includes(order))).toEqual(orders.toReversed());
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
  });

  test('shows nothing of another time', async () => {
    await door.create(newOrder());
    const list = await stripe.paymentIntents.list({ created: { lt: 1_000_000_000 } });
    expect(list).toMatchObject({ object: 'list', data: [], has_more: false });
  });
});
