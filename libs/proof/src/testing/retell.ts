import type { Draft } from './draft.js';
import { committed, payloadOf, rewrite } from './planting.js';

export interface Told {
  orderId: string;
  customerId: string;
  amount: { amount: string; currency: string };
  tax: { amount: string; currency: string };
  fee: { amount: string; currency: string };
  attempt: number;
  declineCode: string;
  gatewayReference: string;
  occurredAt: string;
  lines: { quantity: number }[];
}

/** Changes what an outcome says, in the outbox and wherever it was read. */
export function retell(draft: Draft, type: string, change: (told: Told) => void): boolean {
  const [record] = committed(draft, 'outboxPayment', type);
  const row = draft.payments.outbox.find(({ id }) => id === record?.key);
  if (!record || !row) return false;
  const told = payloadOf<Told>(record);
  change(told);
  row.payload = JSON.stringify(told);
  for (const one of committed(draft, 'outboxPayment')) {
    if (one.key === record.key) rewrite(draft, one, row.payload);
  }
  return true;
}
