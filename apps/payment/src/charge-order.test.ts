import { until } from '@checkout/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chargeOrder } from './charge-order.js';
import type { Gateway } from './gateway/stripe-gateway.js';
import type { Work } from './payment.js';
import { type Approval, type Replica, Stage } from './testing/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
}, 30_000);
afterAll(() => stage.close());
afterEach(async () => {
  await stage.endReplicas();
  await stage.simulator.plan();
  await stage.simulator.setClock(0);
  stage.skewMs = 0;
});

async function claimed(replica: Replica): Promise<Work> {
  const [work] = await replica.leases.claim(1);
  if (!work) throw new Error('nothing was due');
  return work;
}

/** Works until the payment is over, as the next life of the replica does after a crash. */
async function recover(approval: Approval, replica: Replica = stage.replica()): Promise<void> {
  await replica.worker.start();
  await until({ what: 'the payment is over', withinMs: 10_000, everyMs: 20 }, async () => {
    const { state } = await stage.payment(approval);
    return state !== 'CREATING' && state !== 'CONFIRMING';
  });
  await replica.worker.stop();
}

async function succeeded(approval: Approval): Promise<void> {
  const { orderId } = approval.payload;
  const charges = await stage.simulator.charges(orderId);
  expect(charges.filter(({ status }) => status === 'succeeded')).toHaveLength(1);
  expect((await stage.payment(approval)).state).toBe('PAID');
  expect(await stage.events(approval)).toEqual([
    expect.objectContaining({ type: 'PaymentSucceeded', sameDatabaseTransaction: true, orderId }),
  ]);
}

const keysOf = async (approval: Approval): Promise<(string | null)[]> => {
  const requests = await stage.simulator.requests(approval.payload.orderId);
  return requests.filter(({ method }) => method === 'POST').map((r) => r.idempotencyKey);
};

/** A gateway that answers, and a worker that dies before it can write the answer down. */
function dyingAfter(operation: 'create' | 'confirm'): Gateway {
  const real = stage.gateway();
  return {
    send: async (frozen, request) => {
      const answer = await real.send(frozen, request);
      if (request.operation === operation) throw new Error('died here');
      return answer;
    },
    look: (intentId) => real.look(intentId),
    listByOrder: (orderId, created) => real.listByOrder(orderId, created),
    close: () => real.close(),
  };
}

describe('charge order', () => {
  test('an approved order is charged once and the world is told', async () => {
    const approval = await stage.approve();
    const { orderId, lines, total, tax, customerId } = approval.payload;
    await recover(approval);
    await succeeded(approval);
    const { payment_intent_id, lease_owner } = await stage.payment(approval);
    expect(lease_owner).toBeNull();
    expect(await stage.events(approval)).toEqual([
      expect.objectContaining({
        orderId,
        customerId,
        lines,
        amount: total,
        tax,
        fee: { amount: '84', currency: 'EUR' },
        attempt: 1,
        gatewayReference: payment_intent_id,
      }),
    ]);
    expect(await keysOf(approval)).toEqual([`${orderId}:create:1`, `${orderId}:confirm:1`]);
  });

  test('died before the call: charged once', async () => {
    const approval = await stage.approve();
    await claimed(stage.replica());
    expect(await stage.simulator.requests(approval.payload.orderId)).toEqual([]);
    await recover(approval);
    await succeeded(approval);
  });

  test.each(['create', 'confirm'] as const)(
    'died after the %s, before the answer was written down: charged once, booked once',
    async (operation) => {
      const approval = await stage.approve();
      const dying = stage.replica({ gateway: dyingAfter(operation) });
      await expect(chargeOrder(await claimed(dying), dying.world)).rejects.toThrow('died here');
      await recover(approval);
      await succeeded(approval);
      const keys = await keysOf(approval);
      expect(keys.filter((key) => key?.includes(operation))).toHaveLength(2);
      expect(new Set(keys).size).toBe(2);
      expect((await stage.attempts(approval)).map((a) => a.evidence)).toContainEqual(
        expect.stringContaining('the first answer replayed'),
      );
    },
  );

  test.each(['create', 'confirm'] as const)(
    'the answer to the %s was lost, the gateway had done it: charged once, the customer sees "paid"',
    async (operation) => {
      const approval = await stage.approve();
      const { orderId } = approval.payload;
      const lost = { operation, when: 'after', effect: 'drop-connection', orderId } as const;
      await stage.simulator.plan(lost);
      await recover(approval);
      await succeeded(approval);
      expect(await stage.simulator.fired()).toEqual([1]);
      expect(new Set(await keysOf(approval)).size).toBe(2);
    },
  );

  test('the request was lost before the gateway: charged once', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    const lost = { when: 'before', effect: 'drop-connection', orderId } as const;
    await stage.simulator.plan({ operation: 'create', ...lost }, { operation: 'confirm', ...lost });
    await recover(approval);
    await succeeded(approval);
    expect(await stage.simulator.fired()).toEqual([1, 1]);
  });

  test('the gateway said 500 and had charged: nothing is repeated until a look has settled it', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    const fault = { operation: 'confirm', when: 'after', effect: 'status-500', orderId } as const;
    await stage.simulator.plan(fault);
    await recover(approval);
    await succeeded(approval);
    const { payment_intent_id } = await stage.payment(approval);
    const asked = await stage.simulator.requests(orderId);
    expect(asked.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)).toEqual([
      'POST payment_intents',
      'POST confirm',
      `GET ${payment_intent_id}`,
    ]);
  });

  test('the gateway said 500 for ever and had not charged: looked at, then a new key, one charge', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    const fault = { operation: 'confirm', when: 'before', effect: 'status-500', orderId } as const;
    await stage.simulator.plan(fault);
    await recover(approval);
    await succeeded(approval);
    expect(await stage.attempts(approval)).toEqual([
      expect.objectContaining({ operation: 'create', attempt: 1, state: 'SUCCEEDED' }),
      expect.objectContaining({ operation: 'confirm', attempt: 1, state: 'FAILED' }),
      expect.objectContaining({ operation: 'confirm', attempt: 2, state: 'SUCCEEDED' }),
    ]);
  });

  test.each(['before', 'after'] as const)(
    'the creation was answered with a stored 500 (%s it was done): listed, one intent is used',
    async (when) => {
      const approval = await stage.approve();
      const { orderId } = approval.payload;
      await stage.simulator.plan({ operation: 'create', when, effect: 'status-500', orderId });
      await recover(approval);
      await succeeded(approval);
      const creations = (await stage.attempts(approval)).filter((a) => a.operation === 'create');
      expect(creations).toHaveLength(when === 'after' ? 1 : 2);
    },
  );
});
