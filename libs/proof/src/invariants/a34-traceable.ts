import { eventId, orderPlacedId } from '@checkout/events';
import type { Case } from '../case.js';
import { placeOf } from '../evidence/kafka-log.js';
import type { CounterExample, Invariant } from '../invariant.js';
import type { AnySeen } from '../log-view.js';
import { mayBeGone } from './aged.js';

export const a34: Invariant = {
  id: 'A34',
  says: 'From each ledger entry a chain of causes leads back to an order, and back from it.',
  rule:
    'LedgerEntry → its cause on outbox.payment → OrderApproved → OrderPlaced → orders, by ' +
    'causation-id; the order that is found is the one that the entry names, and every booked ' +
    'order is found so',
  everyOrder: true,
  judge(observed) {
    const { orders } = observed.evidence.orders;
    const entries = observed.log.events('ledger');
    const chain = chainOf(observed);
    const found = entries.map((entry) => ({ entry, ...chain(entry) }));
    const reached = new Set(found.map(({ orderId }) => orderId));
    return {
      rows: entries.length + orders.length,
      counterExamples: [
        ...found.flatMap(({ entry, orderId, brokenAt }) => brokenChain(entry, orderId, brokenAt)),
        ...orders
          .filter(({ id, status }) => BOOKED.includes(status) && !reached.has(id))
          .map(({ id, status }) => ({ what: `is ${status}, no entry leads to it`, orderId: id })),
      ],
    };
  },
};

const BOOKED = ['booked', 'refunded'];

type Payment = AnySeen<
  'PaymentSucceeded' | 'PaymentDeclined' | 'PaymentCancelled' | 'PaymentRefunded'
>;

interface Link {
  readonly orderId: string | undefined;
  readonly brokenAt: string | undefined;
}

function chainOf(observed: Case): (entry: AnySeen<'LedgerEntry'>) => Link {
  const { evidence, log } = observed;
  const isGone = mayBeGone(observed, 'ordersApproved');
  const payments = new Map(log.events('outboxPayment').map((event) => [event.id, event]));
  const approvals = new Map(log.events('ordersApproved').map((event) => [event.id, event]));
  const placed = new Map(log.events('outboxOrder').map((event) => [event.id, event]));
  const known = new Set(evidence.orders.orders.map(({ id }) => id));
  const broken = (brokenAt: string): Link => ({ orderId: undefined, brokenAt });
  /** An approval that age has taken: its id follows from its cause. */
  const aged = ({ payload: { orderId }, causationId }: Payment): string | undefined => {
    const cause = orderPlacedId(orderId);
    const approved = eventId(cause, 'OrderApproved');
    return isGone(orderId) && causationId === approved ? cause : undefined;
  };
  return (entry) => {
    const payment = payments.get(entry.causationId);
    if (!payment) return broken('its payment');
    const cause = approvals.get(payment.causationId)?.causationId ?? aged(payment);
    if (cause === undefined) return broken('its approval');
    const origin = placed.get(cause);
    if (!origin) return broken('its OrderPlaced');
    const orderId = origin.causationId;
    if (!known.has(orderId) || orderPlacedId(orderId) !== origin.id) return broken('its order');
    return { orderId, brokenAt: undefined };
  };
}

function brokenChain(
  { id, payload, record }: AnySeen<'LedgerEntry'>,
  orderId: string | undefined,
  brokenAt: string | undefined,
): CounterExample[] {
  const about = { orderId: payload.orderId, eventId: id, at: placeOf(record) };
  if (brokenAt !== undefined) return [{ what: `${brokenAt} is not to be found`, ...about }];
  if (orderId === payload.orderId) return [];
  return [{ what: `comes from order ${orderId}`, ...about }];
}
