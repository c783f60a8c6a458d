import type { Draft } from './draft.js';
import { asked, corruption, type Corruption } from './planting.js';

function secretOf(draft: Draft): string {
  const [secret] = draft.recordings.canaries;
  if (secret === undefined) throw new Error('no secret was planted');
  return secret;
}

/** Where a secret may come to lie besides topics and answers. */
export const corruptionsOfSecrets: readonly Corruption[] = [
  corruption('A32', 'a planted secret is an idempotency key', (draft) => {
    const [row] = draft.orders.keys;
    if (!row) return false;
    const key = `retry-${secretOf(draft)}`;
    for (const one of draft.recordings.history ?? []) if (one.key === row.key) one.key = key;
    row.key = key;
  }),
  corruption('A32', 'a planted secret is in a webhook that was noted', (draft) => {
    const [webhook] = draft.payments.webhooks;
    if (!webhook) return false;
    webhook.outcome = `known: ${secretOf(draft)}`;
  }),
  corruption('A32', 'a planted secret is in the gateway’s log', (draft) => {
    const path = `/v1/payment_intents/${secretOf(draft)}`;
    asked(draft, { orderId: null, method: 'GET', path, key: null });
  }),
  corruption('A32', 'a planted secret is in the evidence of an attempt', (draft) => {
    const [attempt] = draft.payments.attempts;
    if (!attempt) return false;
    attempt.evidence = `${attempt.evidence}, ${secretOf(draft)}`;
  }),
];
