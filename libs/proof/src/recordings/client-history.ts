import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ClientOperation } from '../evidence/recordings.js';

/**
 * The history of a client, one JSON object a line in `history.ndjson` of the run folder: whoever
 * sends load writes it, and the judge holds the system against it.
 *
 * One line for each sending, also for each repeat, written when its outcome is known or given up.
 * A definite yes is a 2xx. A definite no is a 4xx but 408, 409, 425 and 429, which say "not now".
 * Everything else is unknown, and an unknown may have happened.
 */
const hex = z.string().regex(/^[0-9a-f]{64}$/);

export const clientOperation = z.object({
  op: z.enum(['place', 'cancel']),
  customerId: z.uuid(),
  key: z.string().min(1).max(255),
  bodyHash: z.string().min(1),
  result: z.enum(['ok', 'fail', 'unknown']),
  orderId: z.uuid().nullable(),
  responseHash: hex.nullable(),
}) satisfies z.ZodType<ClientOperation>;

export function historyLine(operation: ClientOperation): string {
  return `${JSON.stringify(operation)}\n`;
}

export interface OrderRequest {
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly paymentMethod: string;
  readonly expectedTotal?: { readonly amount: string; readonly currency: string };
}

/** What a request means, whatever the order of its fields: the hash that is kept under its key. */
export function requestHash({ lines, paymentMethod, expectedTotal }: OrderRequest): string {
  const total = expectedTotal ? [expectedTotal.amount, expectedTotal.currency] : null;
  const meaning = [lines.map(({ sku, quantity }) => [sku, quantity]), paymentMethod, total];
  return sha256(JSON.stringify(meaning));
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
