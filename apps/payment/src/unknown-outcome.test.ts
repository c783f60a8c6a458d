import { until } from '@checkout/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chargeOrder } from './charge-order.js';
import { expectChargedOnce, expectKeyDiscipline } from './testing/expect-charged.js';
import { DAY_AND_MORE_MS, Stage } from './testing/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());
afterEach(() => stage.reset());

/** Machines that run the tests have other work as well. */
const SLOW = { timeout: 20_000 };

describe('a call without an answer', SLOW, () => {
  test(
    'the gateway is slower than our time-out: repeated with the same key, charged once',
    SLOW,
    async () => {
      const approval = await stage.approve();
      const { orderId } = approval.payload;
      const slow = { effect: 'delay', delayMs: 600, orderId } as const;
      await stage.simulator.plan(
        { operation: 'create', when: 'before', ...slow },
        { operation: 'confirm', when: 'after', ...slow },
      );
      await stage.recover(approval, stage.replica({ gateway: stage.gateway(250) }));
      await expectChargedOnce(stage, approval);
      expect(new Set(await stage.keysOf(approval)).size).toBe(2);
    },
  );

  test('the gateway was killed after it had charged: its books know, charged once', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    const slow = { effect: 'delay', delayMs: 5_000, orderId } as const;
    await stage.simulator.plan({ operation: 'confirm', when: 'after', ...slow });
    const replica = stage.replica();
    await replica.worker.start();
    await until({ what: 'the charge is booked', withinMs: 5_000, everyMs: 20 }, async () => {
      return (await stage.simulator.charges(orderId)).length === 1;
    });
    await stage.simulator.kill();
    await until({ what: 'the outcome is unknown', withinMs: 5_000, everyMs: 20 }, async () => {
      return (await stage.attempts(approval)).some(({ state }) => state === 'UNKNOWN');
    });
    await stage.simulator.run();
    await stage.recover(approval, replica);
    await expectChargedOnce(stage, approval);
  });

  test('the gateway is away: the payment waits, and is charged once when it is back', async () => {
    await stage.simulator.kill();
    const approval = await stage.approve();
    const replica = stage.replica();
    await replica.worker.start();
    await until({ what: 'three tries', withinMs: 5_000, everyMs: 20 }, async () => {
      return (await stage.payment(approval)).tries >= 3;
    });
    expect((await stage.payment(approval)).state).toBe('CREATING');
    await stage.simulator.run();
    await stage.recover(approval, replica);
    await expectChargedOnce(stage, approval);
  });

  test('a storm of 429: the same attempt, the same key, no unknown outcome', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    const storm = { when: 'before', effect: 'status-429', count: 3, orderId } as const;
    await stage.simulator.plan({ operation: 'confirm', ...storm });
    await stage.recover(approval);
    await expectChargedOnce(stage, approval);
    expect(await stage.simulator.fired()).toEqual([3]);
    const keys = await stage.keysOf(approval);
    expect(keys.filter((key) => key === `${orderId}:confirm:1`)).toHaveLength(4);
    expect(await stage.attempts(approval)).toHaveLength(2);
  });
});

describe('a key that the gateway may have forgotten', SLOW, () => {
  test('charged, answer lost, a day later: looked at and paid, nothing is sent', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    const lost = { operation: 'confirm', when: 'after', effect: 'drop-connection' } as const;
    await stage.simulator.plan({ ...lost, orderId });
    const replica = stage.replica();
    await chargeOrder(await stage.claim(replica), replica.world);
    const sent = await stage.keysOf(approval);
    await stage.dayPasses();
    await stage.recover(approval);
    await expectChargedOnce(stage, approval);
    expect(await stage.keysOf(approval)).toEqual(sent);
  });

  test('never sent, a day later: looked at first, then a new key, charged once', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    await stage.dies('before', 'confirm', approval);
    await stage.dayPasses();
    await stage.recover(approval);
    await expectChargedOnce(stage, approval);
    const requests = await stage.simulator.requests(orderId);
    expect(requests.map(({ method, idempotencyKey }) => idempotencyKey ?? method)).toEqual([
      `${orderId}:create:1`,
      'GET',
      `${orderId}:confirm:2`,
    ]);
  });

  test('created, answer lost, a day later: found in the list, one intent', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    const lost = { operation: 'create', when: 'after', effect: 'drop-connection' } as const;
    await stage.simulator.plan({ ...lost, orderId });
    const replica = stage.replica();
    await chargeOrder(await stage.claim(replica), replica.world);
    await stage.dayPasses();
    await stage.recover(approval);
    await expectChargedOnce(stage, approval);
    expect(await stage.keysOf(approval)).toEqual([`${orderId}:create:1`, `${orderId}:confirm:1`]);
  });

  test('never created, a day later: listed, then a new key, charged once', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    await stage.claim(stage.replica());
    await stage.dayPasses();
    await stage.recover(approval);
    await expectChargedOnce(stage, approval);
    expect(await stage.keysOf(approval)).toEqual([`${orderId}:create:2`, `${orderId}:confirm:1`]);
  });

  test('a worker wakes after a day, request in hand: the intent cannot charge again', async () => {
    const approval = await stage.approve();
    await stage.dies('before', 'confirm', approval);
    const sleeper = stage.replica({ ordinal: 1 });
    await stage.dataSource.query('UPDATE payments SET lease_owner = NULL, lease_until = NULL');
    const inHand = await stage.claim(sleeper);
    await stage.dataSource.query('UPDATE payments SET lease_owner = NULL, lease_until = NULL');
    await stage.recover(approval);
    await stage.simulator.setClock(DAY_AND_MORE_MS);
    // Its own clock stood still with it: it believes that the key is known.
    await chargeOrder(inHand, sleeper.world);
    const requests = await stage.simulator.requests(approval.payload.orderId);
    expect(requests.at(-1)).toEqual(expect.objectContaining({ status: 400, replayed: false }));
    await expectChargedOnce(stage, approval);
  });
});

test('in all of this no POST went out without a key of ours, and no key meant two requests', () =>
  expectKeyDiscipline(stage));
