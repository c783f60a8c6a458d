import { put, skip, type Decision, type State } from '@checkout/eos';
import { topics, type DomainEvent } from '@checkout/events';
import { emitCaused } from '../caused-event.js';
import { judge, velocity, withOrder } from './velocity.js';

/**
 * Says once whether an order looks like fraud.
 *
 * Guarantee: one verdict per order, stored with its inputs in the Kafka transaction that makes it
 * visible, and never computed again. A second look would see later orders, forget earlier ones, and
 * might answer otherwise: then an order could be approved by one answer and rejected by the other.
 * Threat: the worker dies after deciding. Verdict and count vanish together; the next owner decides
 * anew, for the first time as far as anybody can see.
 * Not promised: the same verdict for another order of arrival. What counts is what was known then,
 * and it is stored.
 */
export function checkFraud(requested: DomainEvent<'FraudCheckRequested'>, state: State): Decision {
  const { orderId, customerId, occurredAt } = requested.payload;
  const verdictKey = `${customerId}|${orderId}`;
  if (state.get(velocity, verdictKey)) return skip('already judged');

  const recent = state.get(velocity, customerId);
  const times = recent && 'times' in recent ? recent.times : [];
  const verdict = judge(times, requested.payload);
  const { ordersInWindow, refused } = verdict;

  return [
    put(velocity, verdictKey, verdict),
    put(velocity, customerId, withOrder(times, occurredAt)),
    refused
      ? emitCaused(topics.checks, requested, {
          type: 'FraudRefused',
          key: orderId,
          payload: { orderId, ordersInWindow, reason: refused, occurredAt },
        })
      : emitCaused(topics.checks, requested, {
          type: 'FraudCleared',
          key: orderId,
          payload: { orderId, ordersInWindow, occurredAt },
        }),
  ];
}
