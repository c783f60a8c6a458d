import { moneySchema } from '@checkout/money';
import { z } from 'zod';
import type { Order } from './order.entity.js';

const lineView = z.object({
  sku: z.string(),
  quantity: z.int(),
  unitPrice: moneySchema,
});

/** What a customer sees of an order. */
export const orderView = z.object({
  id: z.uuid(),
  status: z.string(),
  version: z.int(),
  customerId: z.uuid(),
  lines: z.array(lineView),
  total: moneySchema,
  placedAt: z.iso.datetime(),
  /** Why it was not to be, in plain words. */
  reason: z.string().optional(),
  /** The customer has asked to cancel; the status says what becomes of it. */
  cancelRequested: z.literal(true).optional(),
});
export type OrderView = z.infer<typeof orderView>;

export function viewOf(order: Order): OrderView {
  const { id, status, version, customerId, currency, reason, cancelRequestedAt } = order;
  return {
    id,
    status,
    version,
    customerId,
    lines: order.lines
      .toSorted((a, b) => a.lineNumber - b.lineNumber)
      .map(({ sku, quantity, unitPrice }) => ({
        sku,
        quantity,
        unitPrice: { amount: unitPrice, currency },
      })),
    total: { amount: order.total, currency },
    placedAt: order.placedAt.toISOString(),
    ...(reason === null ? {} : { reason }),
    ...(cancelRequestedAt && { cancelRequested: true as const }),
  };
}
