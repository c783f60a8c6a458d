import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ClientOperation, ClientRead } from '../evidence/recordings.js';

/**
 * The history of a client, one JSON object a line in `history.ndjson` of the run folder: whoever
 * sends load writes it, and the judge holds the system against it.
 *
 * One line for each sending, also for each repeat, written when its outcome is known or given up;
 * and one before, that it is sent, from clients that may be killed in between. Of such a client it
 * is certain that the history has all that it ever asked for.
 * A definite yes is a 2xx. A definite no is a 4xx but 408, 409, 425 and 429, which say "not now".
 * Everything else is unknown, and an unknown may have happened.
 */
const hex = z.string().regex(/^[0-9a-f]{64}$/);

export const clientOperation = z.object({
  op: z.enum(['place', 'cancel']),
  customerId: z.uuid(),
  key: z.string().min(1).max(255),
  bodyHash: z.string().min(1),
  result: z.enum(['sent', 'ok', 'fail', 'unknown']),
  orderId: z.uuid().nullable(),
  responseHash: hex.nullable(),
}) satisfies z.ZodType<ClientOperation>;

/** In `reads.ndjson`: what a client saw, one line for each definite answer. */
export const clientRead = z.object({
  orderId: z.uuid(),
  seen: z.object({ version: z.int().min(1), status: z.string().min(1) }).nullable(),
  askedAt: z.int().min(0),
  answeredAt: z.int().min(0),
}) satisfies z.ZodType<ClientRead>;

export function readLine(read: ClientRead): string {
  return `${JSON.stringify(read)}\n`;
}

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
