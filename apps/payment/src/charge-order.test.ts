import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { expectChargedOnce, expectKeyDiscipline } from './testing/expect-charged.js';
import { approvalOf } from './testing/given.js';
import { Stage } from './testing/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());
afterEach(() => stage.reset());

/** Machines that run the tests have other work as well. */
const SLOW = { timeout: 20_000 };

describe('charge order', SLOW, () => {
  test('an approved order is charged once and the world is told', async () => {
    const approval = await stage.approve();
    const { orderId, lines, total, tax, customerId } = approval.payload;
    await stage.recover(approval);
    await expectChargedOnce(stage, approval);
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
    expect(await stage.keysOf(approval)).toEqual([`${orderId}:create:1`, `${orderId}:confirm:1`]);
  });

  test('died before the call: charged once', async () => {
    const approval = await stage.approve();
    await stage.claim(stage.replica());
    expect(await stage.simulator.requests(approval.payload.orderId)).toEqual([]);
    await stage.recover(approval);
    await expectChargedOnce(stage, approval);
  });

  test.each(['create', 'confirm'] as const)(
    'died after the %s, before the answer was written down: charged once, booked once',
    async (operation) => {
      const approval = await stage.approve();
      await stage.dies('after', operation, approval);
      await stage.recover(approval);
      await expectChargedOnce(stage, approval);
      const keys = await stage.keysOf(approval);
      expect(keys.filter((key) => key?.includes(operation))).toHaveLength(2);
      expect(new Set(keys).size).toBe(2);
      expect((await stage.attempts(approval)).map((a) => a.evidence)).toContainEqual(
        expect.stringContaining('the first answer replayed'),
      );
    },
  );

  test.each(['create', 'confirm'] as const)(
    'the answer to the %s was lost, the gateway had done it: charged once, seen as paid',
    async (operation) => {
      const approval = await stage.approve();
      const { orderId } = approval.payload;
      const lost = { operation, when: 'after', effect: 'drop-connection', orderId } as const;
      await stage.simulator.plan(lost);
      await stage.recover(approval);
      await expectChargedOnce(stage, approval);
      expect(await stage.simulator.fired()).toEqual([1]);
      expect(new Set(await stage.keysOf(approval)).size).toBe(2);
    },
  );

  test('the request was lost before the gateway: charged once', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    const lost = { when: 'before', effect: 'drop-connection', orderId } as const;
    await stage.simulator.plan({ operation: 'create', ...lost }, { operation: 'confirm', ...lost });
    await stage.recover(approval);
    await expectChargedOnce(stage, approval);
    expect(await stage.simulator.fired()).toEqual([1, 1]);
  });

  test(
    'the gateway said 500 and had charged: nothing is repeated until a look has settled it',
    SLOW,
    async () => {
      const approval = await stage.approve();
      const { orderId } = approval.payload;
      const fault = { operation: 'confirm', when: 'after', effect: 'status-500', orderId } as const;
      await stage.simulator.plan(fault);
      await stage.recover(approval);
      await expectChargedOnce(stage, approval);
      const { payment_intent_id } = await stage.payment(approval);
      const asked = await stage.simulator.requests(orderId);
      expect(asked.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)).toEqual([
        'POST payment_intents',
        'POST confirm',
        `GET ${payment_intent_id}`,
      ]);
    },
  );

  test('the gateway said 500 for ever, had not charged: a look, then a new key', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    const fault = { operation: 'confirm', when: 'before', effect: 'status-500', orderId } as const;
    await stage.simulator.plan(fault);
    await stage.recover(approval);
    await expectChargedOnce(stage, approval);
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
      await stage.recover(approval);
      await expectChargedOnce(stage, approval);
      const creations = (await stage.attempts(approval)).filter((a) => a.operation === 'create');
      expect(creations).toHaveLength(when === 'after' ? 1 : 2);
    },
  );

  test.each([
    ['pm_card_visa_chargeDeclined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'lost_card'],
    ['pm_card_visa_chargeDeclinedStolenCard', 'stolen_card'],
    ['pm_card_visa_chargeDeclinedVelocityLimitExceeded', 'card_velocity_exceeded'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc'],
    ['pm_card_chargeCustomerFail', 'generic_decline'],
    ['pm_card_threeDSecure2Required', 'authentication_required'],
    ['pm_of_nobody', 'resource_missing'],
  ])('%s: declined for good, nothing charged, the world is told why', async (card, code) => {
    const approval = await stage.approve({ paymentMethod: card });
    const { orderId } = approval.payload;
    await stage.recover(approval);
    const { state, reason, payment_intent_id } = await stage.payment(approval);
    expect([state, reason]).toEqual(['DECLINED', code]);
    expect(await stage.events(approval)).toEqual([
      expect.objectContaining({
        type: 'PaymentDeclined',
        sameDatabaseTransaction: true,
        orderId,
        declineCode: code,
        gatewayReference: payment_intent_id,
      }),
    ]);
    const charges = await stage.simulator.charges(orderId);
    expect(charges.filter(({ status }) => status === 'succeeded')).toEqual([]);
    expect(await stage.keysOf(approval)).toEqual([`${orderId}:create:1`, `${orderId}:confirm:1`]);
  });

  test('the issuer says "try again": three attempts with a key each, then declined', async () => {
    const approval = await stage.approve({
      paymentMethod: 'pm_card_chargeDeclinedProcessingError',
    });
    const { orderId } = approval.payload;
    await stage.recover(approval);
    expect((await stage.payment(approval)).reason).toBe('processing_error');
    const confirmations = [1, 2, 3].map((n) => `${orderId}:confirm:${n}`);
    expect(await stage.keysOf(approval)).toEqual([`${orderId}:create:1`, ...confirmations]);
    expect((await stage.attempts(approval)).map(({ state }) => state)).toEqual([
      'SUCCEEDED',
      'FAILED',
      'FAILED',
      'DECLINED',
    ]);
    expect(await stage.events(approval)).toHaveLength(1);
  });

  test.each(['other-amount', 'other-currency', 'other-order'])(
    'the answer to a confirmation has an %s: quarantined with an alarm, not paid, nobody is told',
    async (effect) => {
      const approval = await stage.approve();
      const { orderId } = approval.payload;
      await stage.simulator.plan({ operation: 'confirm', when: 'after', effect, orderId });
      await stage.recover(approval);
      const { state, reason } = await stage.payment(approval);
      expect(state).toBe('QUARANTINED');
      expect(reason).toMatch(/is .*, not /);
      expect(await stage.events(approval)).toEqual([]);
      expect(stage.lines).toContainEqual(expect.stringContaining('ALARM'));
    },
  );

  test('the answer to the creation names another order: it is never confirmed', async () => {
    const approval = await stage.approve();
    const { orderId } = approval.payload;
    const fault = { operation: 'create', when: 'after', effect: 'other-order', orderId } as const;
    await stage.simulator.plan(fault);
    await stage.recover(approval);
    expect((await stage.payment(approval)).state).toBe('QUARANTINED');
    expect(await stage.keysOf(approval)).toEqual([`${orderId}:create:1`]);
  });

  test('the approval is delivered again, alone and in a batch: nothing happens', async () => {
    const approval = await stage.approve();
    await stage.recover(approval);
    const asked = await stage.simulator.requests(approval.payload.orderId);
    await stage.deliver([approval]);
    await stage.deliver([approval, approval]);
    // As after a loss of the inbox: the payment's own row is the guard.
    await stage.dataSource.query('DELETE FROM inbox');
    await stage.deliver([approval]);
    const other = await stage.approve();
    await stage.recover(other);
    expect(await stage.simulator.requests(approval.payload.orderId)).toEqual(asked);
    await expectChargedOnce(stage, approval);
  });

  test('a hundred orders at once: each charged once', async () => {
    const approvals = Array.from({ length: 100 }, () => approvalOf());
    const replica = stage.replica();
    await replica.worker.start();
    await stage.deliver(approvals, () => replica.worker.wake());
    await stage.recover(approvals, replica);
    await Promise.all(approvals.map((approval) => expectChargedOnce(stage, approval)));
  });
});

test('in all of this no POST went out without a key of ours, and no key meant two requests', () =>
  expectKeyDiscipline(stage));
