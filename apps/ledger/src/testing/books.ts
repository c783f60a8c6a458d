import type { Decision, OutputRecord, State } from '@checkout/eos';
import { eventId, type DomainEvent, type Payload } from '@checkout/events';
import { BookStage, type PaymentEvent } from '../book.stage.js';
import { ORDER, payment, refund } from './payment.js';

/** Payment events to start from, and books that are kept by the stage. */
export const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const caused = { causationId: ORDER, traceparent: TRACE };

export const paid = (change: Partial<Payload<'PaymentSucceeded'>> = {}) =>
  ({
    ...caused,
    id: eventId(ORDER, 'PaymentSucceeded', '1'),
    type: 'PaymentSucceeded',
    payload: payment(change),
  }) satisfies DomainEvent;

export const refunded = (change: Partial<Payload<'PaymentRefunded'>> = {}) =>
  ({
    ...caused,
    id: eventId(ORDER, 'PaymentRefunded', String(change.refund ?? 1)),
    type: 'PaymentRefunded',
    payload: refund(change),
  }) satisfies DomainEvent;

const { orderId, customerId, lines, amount, occurredAt, gatewayReference } = payment();
const unpaid = { orderId, customerId, lines, amount, occurredAt, gatewayReference };

export const declined = {
  ...caused,
  id: eventId(ORDER, 'PaymentDeclined'),
  type: 'PaymentDeclined',
  payload: { ...unpaid, attempt: 1, declineCode: 'card_declined' },
} satisfies DomainEvent;

export const cancelled = {
  ...caused,
  id: eventId(ORDER, 'PaymentCancelled'),
  type: 'PaymentCancelled',
  payload: unpaid,
} satisfies DomainEvent;

/** What the stage decides, which looks at the event and the state only. */
export function decide(event: PaymentEvent, state: State): Decision {
  return new BookStage().book(event, state);
}

/** Books events one after the other; says of each what came of it. */
export function book(...events: PaymentEvent[]): string[] {
  const rows = new Map<string, unknown>();
  const state: State = { get: <V>(_store: unknown, key: string) => rows.get(key) as V | undefined };
  return events.map((event) => {
    const decision = decide(event, state);
    if ('kind' in decision) return `${decision.kind}: ${decision.reason}`;
    for (const effect of decision) if (effect.kind === 'put') rows.set(effect.key, effect.value);
    return `booked ${emitted(decision)?.key}`;
  });
}

export function emitted(decision: Decision): OutputRecord | undefined {
  if ('kind' in decision) return undefined;
  return decision.flatMap((effect) => (effect.kind === 'emit' ? [effect.record] : []))[0];
}
