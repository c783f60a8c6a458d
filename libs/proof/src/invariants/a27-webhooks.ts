import type { Books } from '../evidence/books.js';
import type { GatewayEventRow, PaymentRow, WebhookRow } from '../evidence/rows.js';
import type { CounterExample, Invariant } from '../invariant.js';

export const a27: Invariant = {
  id: 'A27',
  says: 'What the gateway tells by itself is applied once, and never backwards.',
  rule:
    'webhook_events, by id: unique, each as the gateway recorded it, none contradicts, counted ' +
    'as often as the gateway was told yes; each event of the gateway, told or not: its payment ' +
    'has come to the end that follows from it, whatever was told later; per intent, as many ' +
    'charges, failed charges and refunds in the books as events tell of',
  judge({ evidence }) {
    const { webhooks, payments } = evidence.payments;
    const { events } = evidence.gateway;
    const { books } = evidence.gateway;
    const wasTold = webhooks.length > 0 || events.some(({ acknowledged }) => acknowledged > 0);
    if (!wasTold) return { notObserved: 'webhooks: the gateway has told nothing by itself' };
    const recorded = new Map(events.map((event) => [event.id, event]));
    const noted = Map.groupBy(webhooks, ({ id }) => id);
    const byOrder = new Map(payments.map((payment) => [payment.orderId, payment]));
    return {
      rows: webhooks.length + events.length,
      counterExamples: [
        ...[...noted.values()].flatMap((own) => notedWrongly(own, recorded.get(own[0]?.id ?? ''))),
        ...events.flatMap((event) => notCounted(event, noted.get(event.id)?.[0])),
        ...events.flatMap((event) => wentBackwards(event, byOrder.get(event.orderId ?? ''))),
        ...notInTheBooks(events, books),
      ],
    };
  },
};

function notedWrongly(
  own: readonly WebhookRow[],
  event: GatewayEventRow | undefined,
): CounterExample[] {
  const [first] = own;
  if (!first) return [];
  const { id, type, orderId, intentId, outcome } = first;
  const about = orderId === null ? {} : { orderId };
  if (own.length > 1) return [{ what: `${id} was taken note of ${own.length} times`, ...about }];
  if (!event) return [{ what: `${id} was taken note of, and the gateway never told it`, ...about }];
  if (outcome === 'contradicts') return [{ what: `${type} (${id}) is what cannot be`, ...about }];
  const told = [event.type, event.orderId, event.intentId].join(' ');
  if (told === [type, orderId, intentId].join(' ')) return [];
  return [{ what: `${id} is noted as ${type} of ${intentId}, and was told as ${told}`, ...about }];
}

/** The gateway stops telling when it is told yes: what was not durable then is lost. */
function notCounted(
  { id, type, orderId, acknowledged }: GatewayEventRow,
  noted: WebhookRow | undefined,
): CounterExample[] {
  const times = noted ? 1 + noted.repeats : 0;
  if (times >= acknowledged) return [];
  const what = `${type} (${id}) was answered with yes ${acknowledged} times, and noted ${times}`;
  return [{ what, orderId: orderId ?? undefined }];
}

function wentBackwards(
  { id, type, orderId, intentId }: GatewayEventRow,
  payment: PaymentRow | undefined,
): CounterExample[] {
  if (!payment || orderId === null || STILL_OPEN.includes(payment.state)) return [];
  // The orphan of a lost creation may be cancelled. That it was never charged, the books say.
  if (payment.intentId !== intentId) return [];
  if (endsAfter(type, payment)) return [];
  return [{ what: `${type} (${id}), and its payment is ${payment.state}`, orderId }];
}

/** What tells of a charge that came to a status. */
const TELLS: Readonly<Record<string, string>> = {
  succeeded: 'payment_intent.succeeded',
  failed: 'payment_intent.payment_failed',
};
const MOVEMENTS = new Set([...Object.values(TELLS), 'charge.refunded']);

/** The gateway writes a movement of money and the event that tells of it together. */
function notInTheBooks(
  events: readonly GatewayEventRow[],
  { charges, refunds }: Books,
): CounterExample[] {
  const moved = [
    ...charges.map((row) => ({ ...row, type: TELLS[row.status] ?? row.status })),
    ...refunds.map((row) => ({ ...row, type: 'charge.refunded' })),
  ];
  const told = Map.groupBy(
    events.filter(({ type }) => MOVEMENTS.has(type)),
    ({ type, intentId }) => `${type} ${intentId}`,
  );
  const booked = Map.groupBy(moved, ({ type, paymentIntent }) => `${type} ${paymentIntent}`);
  return [...new Set([...told.keys(), ...booked.keys()])].flatMap((name) => {
    const [events, rows] = [told.get(name) ?? [], booked.get(name) ?? []];
    if (events.length === rows.length) return [];
    const orderId = events[0]?.orderId ?? rows[0]?.orderId ?? undefined;
    const what = `${name}: told ${events.length} times, and ${rows.length} times in the books`;
    return [{ what, orderId }];
  });
}

/** A payment that a person must look at may be anything. */
const STILL_OPEN = ['CREATING', 'CONFIRMING', 'CANCELLING', 'REFUNDING', 'QUARANTINED'];

function endsAfter(type: string, { state }: PaymentRow): boolean {
  switch (type) {
    case 'payment_intent.succeeded':
      return state === 'PAID' || state === 'REFUNDED';
    case 'charge.refunded':
      return state === 'REFUNDED';
    case 'payment_intent.canceled':
      // From outside, somebody may cancel it before it is confirmed, or after a decline.
      return state === 'CANCELLED' || state === 'DECLINED';
    default:
      return true; // A failed attempt may be followed by anything.
  }
}
