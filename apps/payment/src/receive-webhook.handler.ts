import type { WebhookReceived } from '@checkout/api';
import type { EntityManager } from 'typeorm';
import type { About, WebhookEvent } from './gateway/stripe-webhook.js';
import { BEING_WORKED, type PaymentState } from './payment-state.js';
import { ANSWER_IN_FLIGHT_MS } from './timing.js';

/**
 * The gateway tells us something by itself. It is a reason to look, at once.
 *
 * Guarantee: an event is taken note of once, whatever number of times it is delivered, and never
 * moves a payment by itself. An event is a snapshot of then, it may come late, twice or before its
 * predecessor; the failure of the first attempt, told while the second is under way, would decline
 * what is about to be paid. So what it does is to make the payment due now, and the step that
 * follows asks the gateway for the present and writes down what it sees, through the same states as
 * any other answer (payment-state.ts). Whoever is first, the answer, the look or the event, decides
 * the same.
 * Failure stories:
 *   1. The process dies before the commit: the gateway gets no 200 and tells us again.
 *   2. It dies after the commit: the payment is due, and whoever claims next looks.
 *   3. The worker that asked for the charge died before it wrote the answer down, and its replica
 *      does not come back: its lease would hold everybody off. The event shortens the lease, and
 *      another replica takes over. When the worker is alive after all, two look: that costs a call.
 * Not promised: anything while the gateway does not tell. A payment whose outcome is unknown looks
 * by itself, with growing pauses.
 */
export type WebhookOutcome = WebhookReceived['outcome'];

export interface Received {
  readonly outcome: WebhookOutcome;
  /** It had been received before, and nothing was done. */
  readonly repeat: boolean;
  readonly orderId: string | null;
}

export async function receiveWebhook(tx: EntityManager, event: WebhookEvent): Promise<Received> {
  const { id, type, created, about } = event;
  const orderId = orderIdOf(about);
  const outcome = about && orderId ? await outcomeOf(tx, { type, about, orderId }) : 'not-ours';
  const fresh = await tx.query<unknown[]>(RECEIVE, [
    id,
    type,
    new Date(created),
    orderId,
    about?.intentId,
    outcome,
    ANSWER_IN_FLIGHT_MS,
  ]);
  return fresh.length > 0 ? { outcome, repeat: false, orderId } : repeated(tx, id);
}

/** One statement, so that an event is taken note of together with what it does. */
const RECEIVE = `
  WITH fresh AS (
    INSERT INTO webhook_events (id, type, created, order_id, intent_id, outcome)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING RETURNING id
  ), due AS (
    UPDATE payments SET next_try_at = now(),
      lease_until = CASE WHEN lease_until IS NOT NULL
        THEN least(lease_until, now() + $7 * interval '1 ms') END
    WHERE order_id = $4 AND $6 = 'looked-at' AND state IN ${BEING_WORKED}
      AND EXISTS (SELECT FROM fresh)
  )
  SELECT id FROM fresh`;

async function repeated(tx: EntityManager, id: string): Promise<Received> {
  const [[row]] = await tx.query<[[Omit<Received, 'repeat'>], number]>(
    `UPDATE webhook_events SET repeats = repeats + 1, repeated_at = clock_timestamp() WHERE id = $1
     RETURNING outcome, order_id AS "orderId"`,
    [id],
  );
  return { ...row, repeat: true };
}

interface PaymentRow {
  state: PaymentState;
  worked: boolean;
  payment_intent_id: string | null;
  amount: string | null;
  currency: string | null;
  charged: boolean;
}

/** Read without a lock: who ends meanwhile has been looked at, and ends do not change. */
async function outcomeOf(
  tx: EntityManager,
  told: { type: string; about: About; orderId: string },
): Promise<WebhookOutcome> {
  const { type, about, orderId } = told;
  if (!isMeant(type)) return 'not-ours';
  const [payment] = await tx.query<PaymentRow[]>(
    `SELECT state, state IN ${BEING_WORKED} AS worked, payment_intent_id, amount, currency,
       fee IS NOT NULL AS charged
     FROM payments WHERE order_id = $1`,
    [orderId],
  );
  if (!payment || payment.state === 'VOIDED') return 'not-ours';
  if (payment.amount !== about.amount || payment.currency !== about.currency) return 'contradicts';
  // Another intent is an orphan of a lost creation: nobody confirms it.
  if (payment.payment_intent_id !== about.intentId) {
    return type === 'payment_intent.succeeded' ? 'contradicts' : 'known';
  }
  if (payment.worked) return 'looked-at';
  return payment.state === 'QUARANTINED' || agrees[type](payment) ? 'known' : 'contradicts';
}

/** Whether a payment that is over can have been told so: of its end, or of a step towards it. */
const agrees = {
  'payment_intent.succeeded': ({ charged }: PaymentRow) => charged,
  'payment_intent.payment_failed': () => true,
  'payment_intent.canceled': ({ charged }: PaymentRow) => !charged,
  'charge.refunded': ({ state }: PaymentRow) => state === 'REFUNDED',
} as const satisfies Record<string, (payment: PaymentRow) => boolean>;

function isMeant(type: string): type is keyof typeof agrees {
  return Object.hasOwn(agrees, type);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function orderIdOf(about: About | null): string | null {
  return about?.orderId && UUID.test(about.orderId) ? about.orderId : null;
}
