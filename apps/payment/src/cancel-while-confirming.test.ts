import { until } from '@checkout/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chargeOrder } from './charge-order.js';
import { expectCancelled, expectKeyDiscipline, expectRefunded } from './testing/expect-charged.js';
import { Stage } from './testing/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());
afterEach(() => stage.reset());

/** Machines that run the tests have other work as well. */
const SLOW = { timeout: 20_000 };

describe('a cancel while a confirmation is under way', SLOW, () => {
  test('the worker died before sending it: the intent is cancelled, nothing charged', async () => {
    const approval = await stage.approve();
    await stage.dies('before', 'confirm', approval);
    await stage.cancel(approval);
    await stage.recover(approval, stage.replica({ ordinal: 1 }));
    await expectCancelled(stage, approval);
    const [, confirmation] = await stage.attempts(approval);
    expect(confirmation).toMatchObject({ operation: 'confirm', state: 'FAILED' });
  });

  test('the worker died after the charge: it is found, told of, and refunded', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    await stage.dies('after', 'confirm', approval);
    await stage.cancel(approval);
    await stage.recover(approval, stage.replica({ ordinal: 1 }));
    await expectRefunded(stage, approval);
    expect(await stage.keysOf(approval)).toEqual([
      `${orderId}:create:1`,
      `${orderId}:confirm:1`,
      `${orderId}:cancel:1`,
      `${orderId}:refund:1`,
    ]);
    expect((await stage.attempts(approval)).map(({ state }) => state)).toEqual([
      'SUCCEEDED',
      'SUCCEEDED',
      'FAILED',
      'SUCCEEDED',
    ]);
  });

  test.each(['before', 'after'] as const)(
    'its answer is lost (%s the effect) and it is UNKNOWN: the gateway decides',
    async (when) => {
      const approval = await stage.approve();
      const { orderId } = approval.payload;
      const lost = { operation: 'confirm', when, effect: 'drop-connection', orderId } as const;
      await stage.simulator.plan(lost);
      const replica = stage.replica();
      await chargeOrder(await stage.claim(replica), replica.world);
      expect((await stage.attempts(approval)).at(-1)?.state).toBe('UNKNOWN');
      await stage.cancel(approval);
      await stage.recover(approval, replica);
      if (when === 'before') await expectCancelled(stage, approval);
      else await expectRefunded(stage, approval);
    },
  );

  test('the cancel is faster at the gateway: the late confirmation charges nobody', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    const slow = { operation: 'confirm', when: 'before', effect: 'delay', delayMs: 600 } as const;
    await stage.simulator.plan({ ...slow, orderId });
    const replica = stage.replica();
    await replica.worker.start();
    await confirmationArrived();
    await stage.cancel(approval, () => replica.worker.wake());
    await stage.recover(approval, replica);
    await expectCancelled(stage, approval);
    const requests = await stage.simulator.requests(orderId);
    expect(requests.find(({ path }) => path.endsWith('/confirm'))?.status).toBe(400);
  });

  test('the charge is faster, its answer arrives after our cancel: refunded, once', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    const late = { operation: 'confirm', when: 'after', effect: 'delay', delayMs: 600 } as const;
    const stuck = { operation: 'cancel', when: 'before', effect: 'delay', delayMs: 1_200 } as const;
    await stage.simulator.plan({ ...late, orderId }, { ...stuck, orderId });
    const replica = stage.replica();
    await replica.worker.start();
    await until({ what: 'the charge is booked', withinMs: 5_000, everyMs: 20 }, async () => {
      return (await stage.simulator.charges(orderId)).length === 1;
    });
    await stage.cancel(approval, () => replica.worker.wake());
    await stage.recover(approval, replica);
    await expectRefunded(stage, approval);
  });

  test.each(['pm_card_visa_chargeDeclined', 'pm_card_chargeDeclinedProcessingError'])(
    '%s: its decline arrives after our cancel, and the cancel has its way',
    async (paymentMethod) => {
      const approval = await stage.approve({ paymentMethod });
      const { orderId } = approval.payload;
      const late = { operation: 'confirm', when: 'after', effect: 'delay', delayMs: 300 } as const;
      await stage.simulator.plan({ ...late, orderId });
      const replica = stage.replica();
      const charging = chargeOrder(await stage.claim(replica), replica.world);
      await confirmationArrived();
      await stage.cancel(approval);
      await charging;
      await stage.recover(approval, replica);
      await expectCancelled(stage, approval);
    },
  );

  function confirmationArrived(): Promise<unknown> {
    return until({ what: 'the confirmation arrives', withinMs: 5_000, everyMs: 10 }, async () => {
      return (await stage.simulator.fired())[0] === 1;
    });
  }
});

test('in all of this no POST went out without a key of ours, and no key meant two requests', () =>
  expectKeyDiscipline(stage));
