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
    'order is found so; what no entry leads to, a decline or a cancellation, has the approval of ' +
    'its order for a cause',
  everyOrder: true,
  judge(observed) {
    const { orders } = observed.evidence.orders;
    const entries = observed.log.events('ledger');
    const { chain, causeOf } = chainOf(observed);
    const payments = observed.log.events('outboxPayment');
    const found = entries.map((entry) => ({ entry, ...chain(entry) }));
    const reached = new Set(found.map(({ orderId }) => orderId));
    return {
      rows: entries.length + orders.length + payments.length,
      counterExamples: [
        ...payments.flatMap((payment) => {
          const isIts = causeOf(payment) === orderPlacedId(payment.payload.orderId);
          return MOVES.includes(payment.type) || isIts ? [] : [uncaused(payment)];
        }),
        ...found.flatMap(({ entry, orderId, brokenAt }) => brokenChain(entry, orderId, brokenAt)),
        ...orders
          .filter(({ id, status }) => BOOKED.includes(status) && !reached.has(id))
          .map(({ id, status }) => ({ what: `is ${status}, no entry leads to it`, orderId: id })),
      ],
    };
  },
};

/** What an entry leads to, and its chain is followed from there. */
const MOVES = ['PaymentSucceeded', 'PaymentRefunded'];

const BOOKED = ['booked', 'refunded'];

type Payment = AnySeen<
  'PaymentSucceeded' | 'PaymentDeclined' | 'PaymentCancelled' | 'PaymentRefunded'
>;

interface Link {
  readonly orderId: string | undefined;
  readonly brokenAt: string | undefined;
}

interface Chain {
  chain(entry: AnySeen<'LedgerEntry'>): Link;
  /** The OrderPlaced of the approval that is the cause of a payment. */
  causeOf(payment: Payment): string | undefined;
}

function chainOf(observed: Case): Chain {
  const { log } = observed;
  const isGone = mayBeGone(observed, 'ordersApproved');
  const payments = new Map(log.events('outboxPayment').map((event) => [event.id, event]));
  const approvals = new Map(log.events('ordersApproved').map((event) => [event.id, event]));
  const placed = new Map(log.events('outboxOrder').map((event) => [event.id, event]));
  const broken = (brokenAt: string): Link => ({ orderId: undefined, brokenAt });
  /** An approval that age has taken: its id follows from its cause. */
  const aged = ({ payload: { orderId }, causationId }: Payment): string | undefined => {
    const cause = orderPlacedId(orderId);
    const approved = eventId(cause, 'OrderApproved');
    return isGone(orderId) && causationId === approved ? cause : undefined;
  };
  const causeOf = (payment: Payment): string | undefined =>
    approvals.get(payment.causationId)?.causationId ?? aged(payment);
  const chain = (entry: AnySeen<'LedgerEntry'>): Link => {
    const payment = payments.get(entry.causationId);
    if (!payment) return broken('its payment');
    const cause = causeOf(payment);
    if (cause === undefined) return broken('its approval');
    const origin = placed.get(cause);
    if (!origin) return broken('its OrderPlaced');
    return { orderId: origin.causationId, brokenAt: undefined };
  };
  return { chain, causeOf };
}

function uncaused({ type, payload, id, record }: Payment): CounterExample {
  const what = `the approval that its ${type} comes from is not to be found`;
  return { what, orderId: payload.orderId, eventId: id, at: placeOf(record) };
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
