import type { Decision } from '@checkout/eos';
import { topics, type DomainEvent } from '@checkout/events';
import { WATCHDOG } from '../checks/order-checks.js';
import { emitCaused } from '../caused-event.js';

/**
 * Tells the join that an order has waited long enough.
 *
 * Guarantee: an order whose answers do not come is rejected, and the time at which it gave up is
 * the event's, not ours: a backlog that is read a day later decides as if it were read at once.
 * Threat: the order was approved a moment before, and the order service did not know it yet. The
 * join decides once: an order that is decided stays as it is, and this says nothing to it.
 * Not promised: that what the order waited for was really lost. It may come later; what it reserved
 * is then released.
 */
export function expireOrder(overdue: DomainEvent<'OrderOverdue'>): Decision {
  const { orderId, occurredAt } = overdue.payload;
  return [
    emitCaused(topics.checks, overdue, {
      type: 'CheckFailed',
      key: orderId,
      payload: { orderId, stage: WATCHDOG, reason: 'not decided in time', occurredAt },
    }),
  ];
}
