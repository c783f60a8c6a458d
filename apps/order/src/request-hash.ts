import { createHash } from 'node:crypto';
import type { PlaceOrder } from '@checkout/api';

/** The same request has the same hash, however its fields were ordered or spaced. */
export function requestHash({ lines, paymentMethod, expectedTotal }: PlaceOrder): string {
  const total = expectedTotal ? [expectedTotal.amount, expectedTotal.currency] : null;
  const canonical = [lines.map(({ sku, quantity }) => [sku, quantity]), paymentMethod, total];
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}
