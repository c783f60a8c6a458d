import type { OrderView } from '@checkout/api';
import type { Order } from './order.entity.js';

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
