import { expect } from 'vitest';
import type { Approval, Stage } from './stage.js';

/** What "charged once" means: one success in the gateway's books, one paid payment, one event in its database transaction. */
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
