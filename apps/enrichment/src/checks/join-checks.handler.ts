import { put, skip, type Decision, type Emit, type State } from '@checkout/eos';
import { orderPlacedId, topics } from '@checkout/events';
import { emitCaused, type Cause } from '../caused-event.js';
import {
  checks,
  learn,
  releasable,
  withDecision,
  withReleased,
  type CheckFact,
  type ReleasedLine,
} from './order-checks.js';
import { outcomeOf, type Outcome } from './outcome.js';

/**
 * Brings together what is known of an order, decides it, and gives its stock back when it comes to
 * nothing.
 *
 * Guarantee: one outcome per order, and each reserved line is released at most once and, when the
 * order is rejected or its payment closed, at least once; in any order of arrival, with any
 * repeats. Outcome, releases, state and offset become visible together (one Kafka transaction).
 * Threat: a reservation becomes known after the order was rejected. Nobody else would ever give
 * that stock back: the row stays for ever, and a reservation that meets a rejected order is
 * released on the spot.
 * Ids: outcome and releases have the order's first event as their cause, not the fact that happened
 * to come last.
 * Not promised: that an order ends whose records were lost or were so broken that not even its id
 * could be read.
 */
export function joinChecks(fact: CheckFact, state: State): Decision {
  const { orderId } = fact.payload;
  const before = state.get(checks, orderId) ?? {};
  const learned = learn(before, fact);
  if (learned === before) return skip('already known');

  const outcome = learned.decided ? undefined : outcomeOf(orderId, learned);
  const decided = outcome ? withDecision(learned, outcome) : learned;
  const lines = releasable(decided);
  const after = withReleased(
    decided,
    lines.map((line) => line.lineNumber),
  );

  const cause = { id: orderPlacedId(orderId), traceparent: fact.traceparent };
  return [
    put(checks, orderId, after),
    ...(outcome ? [outcomeEvent(cause, orderId, outcome)] : []),
    ...lines.map((line) => releaseEvent(cause, orderId, line)),
  ];
}

function outcomeEvent(cause: Cause, orderId: string, { decided, payload }: Outcome): Emit {
  return decided === 'approved'
    ? emitCaused(topics.ordersApproved, cause, { type: 'OrderApproved', key: orderId, payload })
    : emitCaused(topics.ordersRejected, cause, { type: 'OrderRejected', key: orderId, payload });
}

function releaseEvent(cause: Cause, orderId: string, line: ReleasedLine): Emit {
  return emitCaused(topics.inventory, cause, {
    type: 'StockReleaseRequested',
    key: line.bucket,
    subject: String(line.lineNumber),
    payload: { orderId, ...line },
  });
}
