import { expect } from 'vitest';
import type { Approval, Stage } from './stage.js';

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

const OUR_KEY = /^[0-9a-f-]{36}:(create|confirm):[1-3]$/;

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
