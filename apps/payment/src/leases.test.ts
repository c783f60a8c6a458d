import { until } from '@checkout/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chargeOrder } from './charge-order.js';
import { PARALLEL_CALLS } from './timing.js';
import { expectChargedOnce } from './testing/expect-charged.js';
import { approvalOf } from './testing/given.js';
import { Stage } from './testing/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());
afterEach(() => stage.reset());

describe('two workers', { timeout: 20_000 }, () => {
  test('took the same attempt: two calls with one key, one charge, one outcome', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    const [one, two] = [stage.replica({ ordinal: 0 }), stage.replica({ ordinal: 1 })];
    const work = await stage.claim(one);
    const slow = { effect: 'delay', delayMs: 150, orderId } as const;
    await stage.simulator.plan(
      { operation: 'create', when: 'before', ...slow },
      { operation: 'confirm', when: 'before', ...slow },
    );
    await Promise.all([chargeOrder(work, one.world), chargeOrder(work, two.world)]);
    await stage.recover(approval);
    await expectChargedOnce(stage, approval);
    const requests = await stage.simulator.requests(orderId);
    expect(requests.map(({ status }) => status)).toContain(409);
    const keys = requests.filter(({ method }) => method === 'POST').map((r) => r.idempotencyKey);
    expect(new Set(keys)).toEqual(new Set([`${orderId}:create:1`, `${orderId}:confirm:1`]));
  });

  test('the slower one has the same answer, later: it changes nothing', async () => {
    const approval = await stage.approve();
    const [one, two] = [stage.replica({ ordinal: 0 }), stage.replica({ ordinal: 1 })];
    const work = await stage.claim(one);
    await chargeOrder(work, one.world);
    const before = await stage.payment(approval);
    await chargeOrder(work, two.world);
    expect(await stage.payment(approval)).toEqual(before);
    await expectChargedOnce(stage, approval);
  });

  test('claim at once: nobody gets what another one has', async () => {
    const approvals = Array.from({ length: 30 }, () => approvalOf());
    await stage.deliver(approvals);
    const replicas = [0, 1, 2].map((ordinal) => stage.replica({ ordinal }));
    const claims = await Promise.all(replicas.map(({ leases }) => leases.claim(PARALLEL_CALLS)));
    const orders = claims.flat().map(({ payment }) => payment.orderId);
    expect(orders).toHaveLength(30);
    expect(new Set(orders).size).toBe(30);
    await Promise.all(replicas.map(({ leases }) => leases.releaseAbandoned([])));
    await stage.recover(approvals, replicas[0]);
  });

  test('share the work of one queue: every order is charged once', async () => {
    const approvals = Array.from({ length: 40 }, () => approvalOf());
    await stage.deliver(approvals);
    const replicas = [0, 1].map((ordinal) => stage.replica({ ordinal }));
    await Promise.all(replicas.map(({ worker }) => worker.start()));
    await stage.recover(approvals, replicas[0]);
    await Promise.all(approvals.map((approval) => expectChargedOnce(stage, approval)));
  });
});

describe('a lease', { timeout: 20_000 }, () => {
  test('of a dead worker is taken over when it ends, not before', async () => {
    const approval = await stage.approve();
    await stage.claim(stage.replica({ ordinal: 0 }));
    const heir = stage.replica({ ordinal: 1 });
    expect(await heir.leases.claim(1)).toEqual([]);
    await stage.dataSource.query(
      `UPDATE payments SET lease_until = now() - interval '1 ms' WHERE order_id = $1`,
      [approval.payload.orderId],
    );
    await stage.recover(approval, heir);
    await expectChargedOnce(stage, approval);
  });

  test('of an earlier life of the same replica is taken over at once', async () => {
    const approval = await stage.approve();
    await stage.claim(stage.replica({ ordinal: 7 }));
    await stage.recover(approval, stage.replica({ ordinal: 7 }));
    await expectChargedOnce(stage, approval);
  });

  test('is given back when the outcome could not be written', async () => {
    const approval = await stage.approve();
    const { replica, left } = stage.failingToWrite(2);
    await stage.recover(approval, replica);
    expect(left()).toBeLessThan(0);
    await expectChargedOnce(stage, approval);
  });

  test('a wake-up that was lost does not matter: the poll finds the payment', async () => {
    const replica = stage.replica();
    await replica.worker.start();
    const approval = await stage.approve();
    await until({ what: 'the poll finds it', withinMs: 3_000 }, async () => {
      return (await stage.payment(approval)).state === 'PAID';
    });
  });
});
