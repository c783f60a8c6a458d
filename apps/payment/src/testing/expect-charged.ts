import { expect } from 'vitest';
import type { Approval } from './given.js';
import type { Stage } from './stage.js';

/**
 * What "charged once" means: one success in the gateway's books, one paid payment, one event in its
 * database transaction.
 */
export async function expectChargedOnce(stage: Stage, approval: Approval): Promise<void> {
  const { orderId, total } = approval.payload;
  const charges = await stage.simulator.charges(orderId);
  const successes = charges.filter(({ status }) => status === 'succeeded');
  expect(successes.map(({ amount }) => String(amount))).toEqual([total.amount]);
  const { state, payment_intent_id } = await stage.payment(approval);
  expect(state).toBe('PAID');
  expect(successes[0]?.paymentIntent).toBe(payment_intent_id);
  expect(await stage.events(approval)).toEqual([
    expect.objectContaining({
      type: 'PaymentSucceeded',
      sameDatabaseTransaction: true,
      orderId,
      gatewayReference: payment_intent_id,
    }),
  ]);
}

const OUR_KEY = /^[0-9a-f-]{36}:(create|confirm|cancel|refund):[1-3]$/;

/**
 * By the gateway's own log: every POST had a key of ours, and one key always meant one request at
 * one endpoint.
 */
export async function expectKeyDiscipline({ simulator }: Stage): Promise<void> {
  const posts = (await simulator.requests()).filter(({ method }) => method === 'POST');
  expect(posts.length).toBeGreaterThan(0);
  const meaning = new Map<string, string>();
  for (const { idempotencyKey, path, parametersHash } of posts) {
    expect(idempotencyKey).toMatch(OUR_KEY);
    const key = idempotencyKey ?? '';
    const request = `${path} ${parametersHash}`;
    expect(meaning.get(key) ?? request).toBe(request);
    meaning.set(key, request);
  }
}

/**
 * What "nothing was charged" means: no success in the gateway's books, an intent that can never
 * have one, and one event.
 */
export async function expectCancelled(stage: Stage, approval: Approval): Promise<void> {
  const { orderId } = approval.payload;
  const charges = await stage.simulator.charges(orderId);
  expect(charges.filter(({ status }) => status === 'succeeded')).toEqual([]);
  const { state, payment_intent_id } = await stage.payment(approval);
  expect(state).toBe('CANCELLED');
  if (payment_intent_id !== null) {
    const seen = await stage.gateway().look(payment_intent_id);
    expect(seen).toMatchObject({ kind: 'intent', intent: { status: 'canceled' } });
  }
  expect(await stage.events(approval)).toEqual([
    expect.objectContaining({
      type: 'PaymentCancelled',
      sameDatabaseTransaction: true,
      orderId,
      gatewayReference: payment_intent_id ?? '',
    }),
  ]);
  await expectAttempts(stage, approval, []);
}

/** What "all of it was returned" means: one charge, one refund of its amount, one event each. */
export async function expectRefunded(stage: Stage, approval: Approval): Promise<void> {
  const { orderId, total } = approval.payload;
  const charges = await stage.simulator.charges(orderId);
  const successes = charges.filter(({ status }) => status === 'succeeded');
  expect(successes.map(({ amount }) => String(amount))).toEqual([total.amount]);
  const refunds = await stage.simulator.refunds(orderId);
  expect(refunds.map(({ amount }) => String(amount))).toEqual([total.amount]);
  const { state, refund_reference } = await stage.payment(approval);
  expect(state).toBe('REFUNDED');
  expect(refund_reference).toBe(refunds[0]?.id);
  expect(await stage.events(approval)).toEqual([
    expect.objectContaining({ type: 'PaymentSucceeded', sameDatabaseTransaction: true }),
    expect.objectContaining({
      type: 'PaymentRefunded',
      sameDatabaseTransaction: true,
      orderId,
      amount: total,
      refund: 1,
      gatewayReference: refund_reference,
    }),
  ]);
  await expectAttempts(stage, approval, ['confirm', 'refund']);
}

/** Whatever happened to it, an order whose customer cancelled, or did not, ends as it must. */
export async function expectWholesome(
  stage: Stage,
  approval: Approval,
  cancelled: boolean,
): Promise<string> {
  const { state } = await stage.payment(approval);
  if (state === 'CANCELLED' && cancelled) await expectCancelled(stage, approval);
  else if (state === 'REFUNDED' && cancelled) await expectRefunded(stage, approval);
  else if (state === 'PAID' && !cancelled) await expectChargedOnce(stage, approval);
  else await expectDeclined(stage, approval);
  return state;
}

async function expectDeclined(stage: Stage, approval: Approval): Promise<void> {
  const charges = await stage.simulator.charges(approval.payload.orderId);
  expect(charges.filter(({ status }) => status === 'succeeded')).toEqual([]);
  expect((await stage.payment(approval)).state).toBe('DECLINED');
  expect((await stage.events(approval)).map(({ type }) => type)).toEqual(['PaymentDeclined']);
}

/** Every attempt has an end and evidence for it, and money moved by those that say so. */
async function expectAttempts(
  stage: Stage,
  approval: Approval,
  moved: readonly string[],
): Promise<void> {
  const attempts = await stage.attempts(approval);
  for (const { state, evidence } of attempts) {
    expect(['SUCCEEDED', 'DECLINED', 'FAILED']).toContain(state);
    expect(evidence).toBeTruthy();
  }
  const succeeded = attempts.filter(({ state }) => state === 'SUCCEEDED');
  const money = succeeded.filter(({ operation }) => ['confirm', 'refund'].includes(operation));
  expect(money.map(({ operation }) => operation).sort()).toEqual(moved);
}
