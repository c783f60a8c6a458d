import type { Draft } from './draft.js';
import { corruption, type Corruption } from './planting.js';

function told(draft: Draft, type: string) {
  return draft.payments.webhooks.find((webhook) => webhook.type === type);
}

/** The gateway records an event and tells it, as if it had happened. */
function tell(draft: Draft, type: string, { orderId, intentId }: Payment): void {
  const event = { id: 'evt_planted', type, orderId, intentId };
  draft.gateway.events.push({ ...event, acknowledged: 1 });
  draft.payments.webhooks.push({ ...event, outcome: 'known', repeats: 0 });
}
type Payment = Draft['payments']['payments'][number];

function paymentThatIs(draft: Draft, state: string): Payment | undefined {
  return draft.payments.payments.find((one) => one.state === state && one.intentId !== null);
}

const SUCCEEDED = 'payment_intent.succeeded';

export const corruptionsOfWebhooks: readonly Corruption[] = [
  corruption('A27', 'an event of the gateway was applied twice', (draft) => {
    const webhook = told(draft, SUCCEEDED);
    if (!webhook) return false;
    draft.payments.webhooks.push({ ...webhook });
  }),
  corruption('A27', 'an event was believed that the gateway never told', (draft) => {
    const webhook = told(draft, SUCCEEDED);
    if (!webhook) return false;
    draft.payments.webhooks.push({ ...webhook, id: 'evt_forged' });
  }),
  corruption('A27', 'an event was accepted and is lost', (draft) => {
    const webhook = told(draft, SUCCEEDED);
    if (!webhook) return false;
    draft.payments.webhooks = draft.payments.webhooks.filter(({ id }) => id !== webhook.id);
  }),
  corruption('A27', 'a repeat was accepted and not counted', (draft) => {
    const event = draft.gateway.events.find(({ acknowledged }) => acknowledged > 0);
    if (!event) return false;
    const webhook = draft.payments.webhooks.find(({ id }) => id === event.id);
    event.acknowledged = 2 + (webhook?.repeats ?? 0);
  }),
  corruption('A27', 'an event was taken for one about another order', (draft) => {
    const webhook = told(draft, SUCCEEDED);
    const other = draft.payments.payments.find(({ orderId }) => orderId !== webhook?.orderId);
    if (!webhook || !other) return false;
    webhook.orderId = other.orderId;
  }),
  corruption('A27', 'a charge that failed is not in the books', (draft) => {
    const { books } = draft.gateway;
    const failed = books.charges.find(({ status }) => status === 'failed');
    if (!failed) return false;
    books.charges = books.charges.filter((charge) => charge !== failed);
  }),
  corruption('A27', 'of a charge the gateway has recorded no event', (draft) => {
    const event = draft.gateway.events.find(({ type }) => type === SUCCEEDED);
    if (!event) return false;
    draft.gateway.events = draft.gateway.events.filter((one) => one !== event);
    draft.payments.webhooks = draft.payments.webhooks.filter(({ id }) => id !== event.id);
  }),
  corruption('A27', 'a failure was taken for a success', (draft) => {
    const webhook = told(draft, 'payment_intent.payment_failed');
    if (!webhook) return false;
    webhook.type = SUCCEEDED;
  }),
  corruption('A27', 'an event says what cannot be', (draft) => {
    const webhook = told(draft, SUCCEEDED);
    if (!webhook) return false;
    webhook.outcome = 'contradicts';
  }),
  corruption('A27', 'a success was told of an order that ended as declined', (draft) => {
    const payment = paymentThatIs(draft, 'DECLINED');
    if (!payment) return false;
    tell(draft, SUCCEEDED, payment);
  }),
  corruption('A27', 'a success was told of an intent that is not the order’s', (draft) => {
    const payment = paymentThatIs(draft, 'PAID');
    if (!payment) return false;
    tell(draft, SUCCEEDED, { ...payment, intentId: 'pi_orphan' });
  }),
  corruption('A27', 'a return was told of an order that is still paid', (draft) => {
    const payment = paymentThatIs(draft, 'PAID');
    if (!payment) return false;
    tell(draft, 'charge.refunded', payment);
  }),
  corruption('A27', 'a cancellation was told of an order that was paid', (draft) => {
    const payment = paymentThatIs(draft, 'PAID');
    if (!payment) return false;
    tell(draft, 'payment_intent.canceled', payment);
  }),
];
