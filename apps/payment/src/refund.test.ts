import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chargeOrder } from './charge-order.js';
import { expectCancelled, expectKeyDiscipline, expectRefunded } from './testing/expect-charged.js';
import type { Approval } from './testing/given.js';
import { DAY_AND_MORE_MS, Stage } from './testing/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());
afterEach(() => stage.reset());

/** What is undone, how the order comes to the point where it is asked for, and how it must end. */
const undoings = {
  refund: { upToHere: upToRefund, expectEnd: expectRefunded },
  cancel: { upToHere: upToCancel, expectEnd: expectCancelled },
} as const;
const both = Object.keys(undoings) as (keyof typeof undoings)[];

/** Paid and cancelled: the refund is the open attempt. */
async function upToRefund(): Promise<Approval> {
  const approval = await stage.approve();
  await stage.recover(approval);
  await stage.cancel(approval);
  return approval;
}

/** Created and cancelled before the confirmation was sent: the cancellation is the open attempt. */
async function upToCancel(): Promise<Approval> {
  const approval = await stage.approve();
  await stage.dies('before', 'confirm', approval);
  await stage.cancel(approval);
  return approval;
}

const keysOf = async (approval: Approval, operation: string): Promise<string[]> => {
  const keys = await stage.keysOf(approval);
  return keys.flatMap((key) => (key?.includes(operation) ? [key] : []));
};

/** Machines that run the tests have other work as well. */
const SLOW = { timeout: 20_000 };

describe.each(both)('undoing by %s', SLOW, (operation) => {
  const { upToHere, expectEnd } = undoings[operation];

  test('died before the call: done once', async () => {
    const approval = await upToHere();
    await stage.claim(stage.replica());
    await stage.recover(approval);
    await expectEnd(stage, approval);
    expect(await keysOf(approval, operation)).toHaveLength(1);
  });

  test('died after the effect, before it was written down: the same key again', async () => {
    const approval = await upToHere();
    await stage.dies('after', operation, approval);
    await stage.recover(approval);
    await expectEnd(stage, approval);
    const key = `${approval.payload.orderId}:${operation}:1`;
    expect(await keysOf(approval, operation)).toEqual([key, key]);
    expect((await stage.attempts(approval)).at(-1)?.evidence).toContain('replayed');
  });

  test.each(['before', 'after'] as const)(
    'the connection is cut %s the effect: looked at before anything is repeated',
    async (when) => {
      const approval = await upToHere();
      const { orderId } = approval.payload;
      await stage.simulator.plan({ operation, when, effect: 'drop-connection', orderId });
      await stage.recover(approval);
      await expectEnd(stage, approval);
      const key = `${orderId}:${operation}:1`;
      const requests = await stage.simulator.requests(orderId);
      const asked = requests.map(({ method, idempotencyKey }) => idempotencyKey ?? method);
      const repeated = when === 'before' ? [key, 'GET', key] : [key, 'GET'];
      expect(asked.slice(asked.indexOf(key))).toEqual(expect.arrayContaining(repeated));
      expect(asked.filter((key_) => key_ === key)).toHaveLength(when === 'before' ? 2 : 1);
    },
  );

  test('a stored 500, and it had happened: seen by looking, not repeated', async () => {
    const approval = await upToHere();
    const { orderId } = approval.payload;
    await stage.simulator.plan({ operation, when: 'after', effect: 'status-500', orderId });
    await stage.recover(approval);
    await expectEnd(stage, approval);
    expect(await keysOf(approval, operation)).toHaveLength(1);
  });

  test('a stored 500, and it had not happened: a new key after a look', async () => {
    const approval = await upToHere();
    const { orderId } = approval.payload;
    await stage.simulator.plan({ operation, when: 'before', effect: 'status-500', orderId });
    await stage.recover(approval);
    await expectEnd(stage, approval);
    const attempts = await stage.attempts(approval);
    expect(attempts.filter((attempt) => attempt.operation === operation)).toEqual([
      expect.objectContaining({ attempt: 1, state: 'FAILED' }),
      expect.objectContaining({ attempt: 2, state: 'SUCCEEDED' }),
    ]);
  });

  test('a storm of 429: the same attempt, the same key', async () => {
    const approval = await upToHere();
    const { orderId } = approval.payload;
    const storm = { when: 'before', effect: 'status-429', count: 3, orderId } as const;
    await stage.simulator.plan({ operation, ...storm });
    await stage.recover(approval);
    await expectEnd(stage, approval);
    expect(new Set(await keysOf(approval, operation)).size).toBe(1);
  });

  test('done, answer lost, a day later: looked at, nothing is sent', async () => {
    const approval = await upToHere();
    const { orderId } = approval.payload;
    const lost = { operation, when: 'after', effect: 'drop-connection', orderId } as const;
    await stage.simulator.plan(lost);
    const replica = stage.replica();
    await chargeOrder(await stage.claim(replica), replica.world);
    const sent = await stage.keysOf(approval);
    await stage.dayPasses();
    await stage.recover(approval);
    await expectEnd(stage, approval);
    expect(await stage.keysOf(approval)).toEqual(sent);
  });

  test('never sent, a day later: looked at first, then a new key', async () => {
    const approval = await upToHere();
    const { orderId } = approval.payload;
    await stage.dayPasses();
    await stage.recover(approval);
    await expectEnd(stage, approval);
    expect(await keysOf(approval, operation)).toEqual([`${orderId}:${operation}:2`]);
  });

  test('a worker wakes after a day, request in hand: nothing happens again', async () => {
    const approval = await upToHere();
    const sleeper = stage.replica({ ordinal: 1 });
    const inHand = await stage.claim(sleeper);
    await stage.dataSource.query('UPDATE payments SET lease_owner = NULL, lease_until = NULL');
    await stage.recover(approval);
    await stage.simulator.setClock(DAY_AND_MORE_MS);
    // Its own clock stood still with it: it believes that the key is known.
    await chargeOrder(inHand, sleeper.world);
    expect((await stage.simulator.requests(approval.payload.orderId)).at(-1)?.status).toBe(400);
    await expectEnd(stage, approval);
  });

  test('two workers at once: one key, one effect, one outcome', async () => {
    const approval = await upToHere();
    const { orderId } = approval.payload;
    const [one, two] = [stage.replica({ ordinal: 0 }), stage.replica({ ordinal: 1 })];
    const work = await stage.claim(one);
    const slow = { operation, when: 'before', effect: 'delay', delayMs: 150, orderId } as const;
    await stage.simulator.plan(slow);
    await Promise.all([chargeOrder(work, one.world), chargeOrder(work, two.world)]);
    await stage.recover(approval);
    await expectEnd(stage, approval);
    expect(new Set(await keysOf(approval, operation)).size).toBe(1);
  });

  test('the cancel comes again at every step, alone and in a batch: nothing changes', async () => {
    const approval = await upToHere();
    await stage.dataSource.query('DELETE FROM inbox');
    await stage.cancel(approval);
    await stage.dies('after', operation, approval);
    await stage.dataSource.query('DELETE FROM inbox');
    await stage.cancel(approval);
    await stage.recover(approval);
    await expectEnd(stage, approval);
  });

  test('the outcome could not be written: the lease goes back, done once', async () => {
    const approval = await upToHere();
    const { replica, left } = stage.failingToWrite(2);
    await stage.recover(approval, replica);
    expect(left()).toBeLessThan(0);
    await expectEnd(stage, approval);
  });

  test.each(['other-amount', 'other-currency', 'other-order'])(
    'the answer has an %s: quarantined with an alarm, nobody is told',
    async (effect) => {
      const approval = await upToHere();
      const { orderId } = approval.payload;
      const told = await stage.events(approval);
      await stage.simulator.plan({ operation, when: 'after', effect, orderId });
      await stage.recover(approval);
      const { state, reason } = await stage.payment(approval);
      expect(state).toBe('QUARANTINED');
      expect(reason).toMatch(/is .*, not /);
      expect(await stage.events(approval)).toEqual(told);
      expect(stage.lines).toContainEqual(expect.stringContaining('ALARM'));
    },
  );
});

test('in all of this no POST went out without a key of ours, and no key meant two requests', () =>
  expectKeyDiscipline(stage));

test('a person has returned the money already: quarantined, not returned twice', SLOW, async () => {
  const approval = await stage.approve();
  await stage.recover(approval);
  const { payment_intent_id } = await stage.payment(approval);
  await fetch(`${stage.simulator.url}/v1/refunds`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_a_person' },
    body: new URLSearchParams({ payment_intent: payment_intent_id ?? '' }),
  });
  await stage.cancel(approval);
  await stage.recover(approval);
  const { state, reason } = await stage.payment(approval);
  expect(state).toBe('QUARANTINED');
  expect(reason).toContain('order is null');
  expect(await stage.simulator.refunds(approval.payload.orderId)).toHaveLength(1);
});
