import type { OrderView } from '@checkout/api';
import type { OrderStatus } from '../history';

const PATHS: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  placed: ['placed'],
  approved: ['placed', 'approved'],
  rejected: ['placed', 'rejected'],
  paid: ['placed', 'approved', 'paid'],
  payment_failed: ['placed', 'approved', 'payment_failed'],
  cancelled: ['placed', 'approved', 'cancelled'],
  booked: ['placed', 'approved', 'paid', 'booked'],
  refunded: ['placed', 'approved', 'paid', 'booked', 'refunded'],
};

/** An order as the order service would tell of it when it has this status. */
export function order(status: OrderStatus, over: Partial<OrderView> = {}): OrderView {
  const history = PATHS[status].map((step, second) => ({
    status: step,
    at: `2026-01-01T00:00:0${second}.000Z`,
  }));
  return {
    id: '0198f2a4-0000-7000-8000-0000abcd1234',
    status,
    version: history.length,
    customerId: '0198f2a4-0000-7000-8000-00000000c001',
    lines: [],
    total: { amount: '4200', currency: 'EUR' },
    placedAt: '2026-01-01T00:00:00.000Z',
    history,
    ...over,
  };
}
