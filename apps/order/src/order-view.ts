import type { OrderView } from '@checkout/api';
import type { Order } from './order.entity.js';

/** What a view needs: a query for each kind of row, because a join would multiply them. */
export const wholeOrder = {
  relations: { lines: true, steps: true },
  relationLoadStrategy: 'query',
} as const;

/** The steps are read after the order, so there may be one more than its version knows. */
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
    history: order.steps
      .filter((step) => step.version <= version)
      .toSorted((a, b) => a.version - b.version)
      .map((step) => ({ status: step.status, at: step.occurredAt.toISOString() })),
    ...(reason === null ? {} : { reason }),
    ...(cancelRequestedAt && { cancelRequested: true as const }),
  };
}
