import type { App } from '@checkout/nest-service';
import { until } from '@checkout/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chargeOrder } from './charge-order.js';
import { receiveWebhook } from './receive-webhook.handler.js';
import { expectCancelled, expectChargedOnce, expectRefunded } from './testing/expect-charged.js';
import { type Approval, approvalOf } from './testing/given.js';
import { freePort } from './testing/simulator.js';
import { LEASE_MS } from './timing.js';
import { Stage } from './testing/stage.js';
import { eventAbout, SECRET, signed, webhookDoor } from './testing/webhook-door.js';

/** The gateway tells the service, over HTTP, signed, with the faults of the real thing. */
let stage: Stage;
let app: App;

beforeAll(async () => {
  const port = await freePort();
  stage = await Stage.open({ url: `http://127.0.0.1:${port}/webhooks/stripe`, secret: SECRET });
  app = await webhookDoor(stage);
  await app.listen(port, '127.0.0.1');
});
afterAll(async () => {
  await app.close();
  await stage.close();
});
afterEach(() => stage.reset());

interface EventRow {
  readonly id: string;
  readonly type: string;
  readonly outcome: string;
  readonly repeats: number;
}
const heard = ({ payload: { orderId } }: Approval): Promise<EventRow[]> =>
  stage.dataSource.query(
    `SELECT id, type, outcome, repeats FROM webhook_events WHERE order_id = $1
     ORDER BY received_at`,
    [orderId],
  );

function hears(approval: Approval, ...types: string[]): Promise<unknown> {
  const sorted = types.toSorted();
  const wait = { what: `hears ${types.join(', ')}`, withinMs: 10_000, everyMs: 50 };
  return until(wait, async () => {
    const rows = await heard(approval);
    return (
      rows
        .map(({ type }) => type)
        .sort()
        .join() === sorted.join()
    );
  });
}

async function tell(event: object): Promise<number> {
  const body = JSON.stringify(event);
  const headers = {
    'content-type': 'application/json',
    'stripe-signature': signed(body, stage.clock()),
  };
  const answer = await app.inject({
    method: 'POST',
    url: '/webhooks/stripe',
    headers,
    payload: body,
  });
  return answer.statusCode;
}

const SUCCEEDED = 'payment_intent.succeeded';
const FAILED = 'payment_intent.payment_failed';
const SLOW = { timeout: 30_000 };

describe('an event', SLOW, () => {
  test('of each kind agrees with what was decided, and changes nothing', async () => {
    const paid = await stage.approve();
    const declined = await stage.approve({ paymentMethod: 'pm_card_visa_chargeDeclined' });
    const cancelled = await stage.approve();
    await stage.cancel(cancelled);
    await stage.recover([paid, declined, cancelled]);
    await stage.cancel(paid);
    await stage.recover(paid);
    await hears(paid, SUCCEEDED, 'charge.refunded');
    await hears(declined, FAILED);
    await hears(cancelled, 'payment_intent.canceled');
    await expectRefunded(stage, paid);
    await expectCancelled(stage, cancelled);
    expect(stage.lines.filter((line) => line.includes('ALARM'))).toEqual([]);
  });

  test('makes a payment whose outcome is unknown look at once, without its pause', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    await stage.simulator.plan(
      { operation: 'confirm', when: 'after', effect: 'drop-connection', orderId },
      { operation: 'webhook', when: 'before', effect: 'delay', delayMs: 500, orderId },
    );
    const replica = stage.replica();
    await chargeOrder(await stage.claim(replica), replica.world);
    await stage.dataSource.query(
      `UPDATE payments SET next_try_at = now() + interval '1 day' WHERE order_id = $1`,
      [orderId],
    );
    await stage.recover(approval, replica);
    await expectChargedOnce(stage, approval);
    expect(await heard(approval)).toEqual([
      expect.objectContaining({ type: SUCCEEDED, outcome: 'looked-at' }),
    ]);
  });

  test('about a charge whose worker died: another replica takes over at once', async () => {
    const approval = await stage.approve();
    await stage.dies('after', 'confirm', approval);
    const { state, lease_owner } = await stage.payment(approval);
    expect([state, lease_owner]).toEqual(['CONFIRMING', expect.stringMatching(/^0\//)]);
    const since = performance.now();
    await stage.recover(approval, stage.replica({ ordinal: 1 }));
    expect(performance.now() - since).toBeLessThan(LEASE_MS / 2);
    await expectChargedOnce(stage, approval);
    expect(await heard(approval)).toEqual([
      expect.objectContaining({ type: SUCCEEDED, outcome: 'looked-at' }),
    ]);
  });

  test('about a payment that a worker has in hand does not take it away at once', async () => {
    const approval = await stage.approve();
    await stage.dies('before', 'confirm', approval);
    const { payment_intent_id } = await stage.payment(approval);
    const about = { type: FAILED, intent: payment_intent_id ?? '' };
    expect(await tell(eventAbout(approval, about))).toBe(200);
    expect(await stage.replica({ ordinal: 1 }).leases.claim(1)).toEqual([]);
    await stage.recover(approval);
    await expectChargedOnce(stage, approval);
  });

  test('that comes before the answer: charged once, told of once', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    const late = { operation: 'confirm', when: 'after', effect: 'delay', delayMs: 1_500 } as const;
    await stage.simulator.plan({ ...late, orderId });
    const replica = stage.replica();
    await replica.worker.start();
    await hears(approval, SUCCEEDED);
    await stage.recover(approval, replica);
    await expectChargedOnce(stage, approval);
  });

  test('in fifty copies at once: taken note of once, and counted', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    const copies = {
      operation: 'webhook',
      when: 'before',
      effect: 'duplicate',
      copies: 50,
    } as const;
    await stage.simulator.plan({ ...copies, orderId });
    await stage.recover(approval);
    const wait = { what: 'every copy has come', withinMs: 10_000, everyMs: 50 };
    await until(wait, async () => (await heard(approval))[0]?.repeats === 49);
    expect(await heard(approval)).toHaveLength(1);
    await expectChargedOnce(stage, approval);
  });

  test('that is lost on its way is told again', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    const lost = { operation: 'webhook', when: 'before', effect: 'drop-connection' } as const;
    await stage.simulator.plan({ ...lost, orderId });
    await stage.recover(approval);
    await hears(approval, SUCCEEDED);
    expect(await stage.simulator.fired()).toEqual([1]);
  });

  test('of an attempt that failed, told while the next one is paid: it stays paid', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    const late = { operation: 'webhook', when: 'before', effect: 'delay', delayMs: 1_000 } as const;
    await stage.simulator.plan({ ...late, orderId });
    // A first confirmation by hand, with a card that is declined; ours comes after it.
    await stage.dies('before', 'confirm', approval);
    const { payment_intent_id } = await stage.payment(approval);
    await fetch(`${stage.simulator.url}/v1/payment_intents/${payment_intent_id}/confirm`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_a_person' },
      body: new URLSearchParams({ payment_method: 'pm_card_visa_chargeDeclined' }),
    });
    await stage.recover(approval);
    await hears(approval, SUCCEEDED, FAILED);
    expect((await heard(approval)).map(({ type }) => type)).toEqual([SUCCEEDED, FAILED]);
    await expectChargedOnce(stage, approval);
  });

  test('is durable with what it does, or not at all', async () => {
    const approval = await stage.approve();
    await stage.dies('before', 'confirm', approval);
    const { payment_intent_id: intent } = await stage.payment(approval);
    const event = { id: 'evt_dies', type: SUCCEEDED, created: 0 };
    const about = { intentId: intent ?? '', orderId: approval.payload.orderId };
    const whole = { ...event, about: { ...about, amount: '4200', currency: 'EUR' } };
    const dies = stage.dataSource.transaction(async (tx) => {
      await receiveWebhook(tx, whole);
      throw new Error('died before the commit');
    });
    await expect(dies).rejects.toThrow('died before');
    expect(await heard(approval)).toEqual([]);
    const received = await stage.dataSource.transaction((tx) => receiveWebhook(tx, whole));
    expect(received).toMatchObject({ outcome: 'looked-at', repeat: false });
    await stage.recover(approval);
    await expectChargedOnce(stage, approval);
  });
});

describe('an event that says what cannot be is an alarm, once, and changes nothing', SLOW, () => {
  test.each<[string, object]>([
    ['another amount', { object: { amount: 1 } }],
    ['another currency', { object: { currency: 'usd' } }],
    ['an intent that is not ours was charged', { intent: 'pi_other' }],
  ])('%s', async (_what, given) => {
    const approval = await stage.approve();
    await stage.recover(approval);
    const { payment_intent_id } = await stage.payment(approval);
    await contradicts(approval, { intent: payment_intent_id, ...given });
    await expectChargedOnce(stage, approval);
  });

  test('a cancelled order was charged', async () => {
    const approval = await stage.approve();
    await stage.cancel(approval);
    await stage.recover(approval);
    const { payment_intent_id } = await stage.payment(approval);
    await contradicts(approval, { intent: payment_intent_id });
    await expectCancelled(stage, approval);
  });

  test.each(['payment_intent.canceled', 'charge.refunded'])('paid, and told %s', async (type) => {
    const approval = await stage.approve();
    await stage.recover(approval);
    const { payment_intent_id } = await stage.payment(approval);
    const charge = { object: 'charge', payment_intent: payment_intent_id };
    const object = type === 'charge.refunded' ? charge : {};
    await contradicts(approval, { intent: payment_intent_id, type, object });
    await expectChargedOnce(stage, approval);
  });

  async function contradicts(approval: Approval, given: object): Promise<void> {
    const event = eventAbout(approval, given);
    const before = await stage.payment(approval);
    expect(await tell(event)).toBe(200);
    expect(await tell(event)).toBe(200);
    expect(await stage.payment(approval)).toEqual(before);
    expect(await heard(approval)).toContainEqual(
      expect.objectContaining({ id: event['id'], outcome: 'contradicts', repeats: 1 }),
    );
    expect(stage.lines.filter((line) => line.includes('ALARM'))).toHaveLength(1);
  }
});

test('an order that was cancelled before it was approved is told of to nobody', async () => {
  const approval = approvalOf();
  await stage.cancel(approval);
  expect(await tell(eventAbout(approval))).toBe(200);
  expect(await heard(approval)).toEqual([expect.objectContaining({ outcome: 'not-ours' })]);
  expect((await stage.payment(approval)).state).toBe('VOIDED');
});
