import type { KeyRow, OrderLineRow, OrderRow } from '../evidence/rows.js';
import { requestHash } from '../recordings/client-history.js';

interface Asked {
  readonly order: OrderRow;
  readonly lines: readonly OrderLineRow[];
  /** The total in the answer that is kept. */
  readonly told: KeptAnswer['total'];
}

/** What is read of an answer that is kept, which may be anything. */
export interface KeptAnswer {
  readonly id?: unknown;
  readonly cancelRequested?: unknown;
  readonly total?: { readonly amount?: unknown; readonly currency?: unknown } | null;
}

/**
 * Whether an order is what its customer asked for, and what he was told.
 *
 * The hash that is kept under a key is of what was asked for, with the total that the customer had
 * been shown, or without one; a total that he was shown is the order's, or the order would have
 * been refused. So there are two hashes that an order can have been asked for with.
 */
export function notAsAsked(
  { key, requestHash: kept }: KeyRow,
  { order, lines, told }: Asked,
): string | undefined {
  const total = { amount: String(order.total), currency: order.currency };
  const { paymentMethod } = order;
  const asked = { lines: lines.toSorted((a, b) => a.lineNumber - b.lineNumber), paymentMethod };
  const hashes = [requestHash(asked), requestHash({ ...asked, expectedTotal: total })];
  if (!hashes.includes(kept)) return `key ${key} is of a request for something else`;
  return told?.amount === total.amount && told.currency === total.currency
    ? undefined
    : `the answer kept under key ${key} tells of another total`;
}
