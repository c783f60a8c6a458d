import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chargeOrder } from './charge-order.js';
import {
  expectCancelled,
  expectChargedOnce,
  expectKeyDiscipline,
  expectRefunded,
} from './testing/expect-charged.js';
import { approvalOf, cancelOf } from './testing/given.js';
import { Stage } from './testing/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());
afterEach(() => stage.reset());

/** Machines that run the tests have other work as well. */
const SLOW = { timeout: 20_000 };

describe('a cancel before the approval', SLOW, () => {
  test('the approval is answered with PaymentCancelled, the gateway hears nothing', async () => {
    const approval = approvalOf();
    const { orderId, customerId, lines, total } = approval.payload;
    await stage.cancel(approval);
    expect((await stage.payment(approval)).state).toBe('VOIDED');
    await stage.deliver([approval]);
    expect(await stage.replica().leases.claim(1)).toEqual([]);
    await expectCancelled(stage, approval);
    expect(await stage.events(approval)).toEqual([
      expect.objectContaining({ orderId, customerId, lines, amount: total, gatewayReference: '' }),
    ]);
    expect(await stage.attempts(approval)).toEqual([]);
    expect(await stage.simulator.requests(orderId)).toEqual([]);
  });

  test('repeats of both, with an emptied inbox: it is told once, nothing is called', async () => {
    const approval = approvalOf();
    const cancel = cancelOf(approval);
    await stage.deliver([cancel, cancel]);
    await stage.deliver([approval, approval]);
    for (const event of [cancel, approval, cancel]) {
      await stage.dataSource.query('DELETE FROM inbox');
      await stage.deliver([event]);
    }
    await expectCancelled(stage, approval);
    expect(await stage.simulator.requests(approval.payload.orderId)).toEqual([]);
  });

  test('in one batch with others: each order has its own end', async () => {
    const approvals = Array.from({ length: 12 }, () => approvalOf());
    const cancelled = approvals.filter((_, i) => i % 3 === 0);
    await stage.deliver(cancelled.map(cancelOf));
    await stage.deliver(approvals);
    await stage.recover(approvals);
    for (const approval of approvals) {
      if (cancelled.includes(approval)) await expectCancelled(stage, approval);
      else await expectChargedOnce(stage, approval);
    }
  });

  test('an order that is never approved stays remembered, and nobody is told', async () => {
    const approval = approvalOf();
    await stage.cancel(approval);
    expect((await stage.payment(approval)).state).toBe('VOIDED');
    expect(await stage.events(approval)).toEqual([]);
  });
});

describe('a cancel before any confirmation', SLOW, () => {
  test('nothing was sent yet: no confirmation is ever made', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    await stage.cancel(approval);
    await stage.recover(approval);
    await expectCancelled(stage, approval);
    expect(await stage.keysOf(approval)).toEqual([`${orderId}:create:1`, `${orderId}:cancel:1`]);
  });

  test.each(['before', 'after'] as const)(
    'the worker died %s the creation: the intent that exists is cancelled at the gateway',
    async (moment) => {
      const approval = await stage.approve();
      await stage.dies(moment, 'create', approval);
      await stage.cancel(approval);
      await stage.recover(approval);
      await expectCancelled(stage, approval);
    },
  );

  test('while the intent is being created: the worker cancels it instead', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    await stage.simulator.plan({
      operation: 'create',
      when: 'after',
      effect: 'delay',
      delayMs: 400,
      orderId,
    });
    const replica = stage.replica();
    const charging = chargeOrder(await stage.claim(replica), replica.world);
    await stage.cancel(approval);
    await charging;
    await expectCancelled(stage, approval);
    expect(await stage.keysOf(approval)).toEqual([`${orderId}:create:1`, `${orderId}:cancel:1`]);
  });

  test('the creation was answered with a stored 500 and never happened: cancelled', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    const fault = { operation: 'create', when: 'before', effect: 'status-500', orderId } as const;
    await stage.simulator.plan(fault);
    const replica = stage.replica();
    await chargeOrder(await stage.claim(replica), replica.world);
    await stage.cancel(approval);
    await stage.recover(approval, replica);
    await expectCancelled(stage, approval);
    expect((await stage.payment(approval)).payment_intent_id).toBeNull();
  });
});

describe('a cancel after the end', SLOW, () => {
  test('paid: refunded with a key of its own, told of once', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    await stage.recover(approval);
    await stage.cancel(approval);
    expect((await stage.payment(approval)).state).toBe('REFUNDING');
    await stage.recover(approval);
    await expectRefunded(stage, approval);
    expect((await stage.keysOf(approval)).at(-1)).toBe(`${orderId}:refund:1`);
  });

  test('declined: nothing', async () => {
    const approval = await stage.approve({ paymentMethod: 'pm_card_visa_chargeDeclined' });
    await stage.recover(approval);
    const asked = await stage.simulator.requests(approval.payload.orderId);
    await stage.cancel(approval);
    await stage.recover(approval);
    expect((await stage.payment(approval)).state).toBe('DECLINED');
    expect((await stage.events(approval)).map(({ type }) => type)).toEqual(['PaymentDeclined']);
    expect(await stage.simulator.requests(approval.payload.orderId)).toEqual(asked);
  });

  test('quarantined: nothing, a person must look', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    const other = { operation: 'confirm', when: 'after', effect: 'other-amount', orderId } as const;
    await stage.simulator.plan(other);
    await stage.recover(approval);
    await stage.cancel(approval);
    await stage.recover(approval);
    expect((await stage.payment(approval)).state).toBe('QUARANTINED');
    expect(await stage.events(approval)).toEqual([]);
    expect(await stage.simulator.refunds(orderId)).toEqual([]);
  });

  test.each(['cancelled', 'refunded'])('%s already: a repeat changes nothing', async (ended) => {
    const approval = await stage.approve();
    if (ended === 'refunded') await stage.recover(approval);
    await stage.cancel(approval);
    await stage.recover(approval);
    const before = await stage.payment(approval);
    const asked = await stage.simulator.requests(approval.payload.orderId);
    await stage.dataSource.query('DELETE FROM inbox');
    await stage.deliver([cancelOf(approval), cancelOf(approval)]);
    await stage.deliver([approval]);
    await stage.recover(approval);
    expect(await stage.payment(approval)).toEqual(before);
    expect(await stage.simulator.requests(approval.payload.orderId)).toEqual(asked);
    if (ended === 'refunded') await expectRefunded(stage, approval);
    else await expectCancelled(stage, approval);
  });
});

test('approval and cancel race in two database transactions: no charge stays', SLOW, async () => {
  const approvals = Array.from({ length: 40 }, () => approvalOf());
  const cancels = approvals.map(cancelOf);
  const replica = stage.replica();
  await replica.worker.start();
  const wake = (): void => replica.worker.wake();
  await Promise.all([
    stage.deliver(approvals, wake),
    stage.deliver(cancels, wake),
    ...approvals.map((approval) => stage.deliver([approval], wake)),
    ...cancels.toReversed().map((cancel) => stage.deliver([cancel], wake)),
  ]);
  await stage.recover(approvals, replica);
  for (const approval of approvals) {
    const { state } = await stage.payment(approval);
    if (state === 'REFUNDED') await expectRefunded(stage, approval);
    else await expectCancelled(stage, approval);
  }
});

test('in all of this no POST went out without a key of ours, and no key meant two requests', () =>
  expectKeyDiscipline(stage));
