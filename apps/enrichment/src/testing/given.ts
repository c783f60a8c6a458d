import type { Decision, OutputRecord } from '@checkout/eos';
import {
  eventId,
  orderPlacedId,
  readEvent,
  topics,
  writeEvent,
  type AnyEvent,
  type DomainEvent,
  type EventType,
  type Payload,
} from '@checkout/events';

/** Facts to start from, and readable views of what a handler decided. */

export const PLACED_AT = '2026-11-23T12:00:00.000Z';
export const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
export const CUSTOMER = '0192f0c1-0000-7000-8000-00000000c001';

/** The n-th order, or customer, of a test. */
export const numbered = (n: number, kind = 0): string =>
  `0192f0c1-0000-7000-8000-${(kind * 1_000_000 + n).toString(16).padStart(12, '0')}`;

export interface Line {
  readonly sku: string;
  readonly quantity: number;
}

export interface Placement {
  readonly orderId: string;
  readonly customerId?: string;
  readonly lines: readonly Line[];
  readonly total?: string;
  readonly occurredAt?: string;
}

export function order(placement: Placement): Payload<'OrderPlaced'> {
  const { orderId, customerId = CUSTOMER, lines, total = '4200', occurredAt } = placement;
  const euro = (amount: string) => ({ amount, currency: 'EUR' });
  return {
    orderId,
    customerId,
    lines: lines.map((line, i) => ({ lineNumber: i + 1, ...line, unitPrice: euro('2100') })),
    total: euro(total),
    tax: euro('671'),
    paymentMethod: 'pm_card_visa',
    occurredAt: occurredAt ?? PLACED_AT,
  };
}

export function orderPlaced(placement: Placement): OutputRecord {
  const { orderId } = placement;
  return ofOrder(orderId, { type: 'OrderPlaced', payload: order(placement), causationId: orderId });
}

/** What the order service says of an order that it placed: a wish, or that time is up. */
export function laterWord(
  orderId: string,
  type: 'OrderCancelRequested' | 'OrderOverdue',
): OutputRecord {
  const payload = { orderId, customerId: CUSTOMER, occurredAt: '2026-11-23T12:01:00.000Z' };
  return ofOrder(orderId, { type, payload, causationId: orderPlacedId(orderId) });
}

function ofOrder<T extends EventType>(
  orderId: string,
  { type, payload, causationId }: Pick<DomainEvent<T>, 'type' | 'payload' | 'causationId'>,
): OutputRecord {
  const id = type === 'OrderPlaced' ? orderPlacedId(orderId) : eventId(causationId, type);
  return writeEvent(topics.outboxOrder, {
    id,
    type,
    key: id,
    partitionBy: orderId,
    causationId,
    traceparent: TRACE,
    payload,
  });
}

export function stockAdded(id: string, { sku, quantity }: Line): OutputRecord {
  return writeEvent(topics.outboxCatalogue, {
    id,
    type: 'StockAdded',
    key: id,
    partitionBy: sku,
    causationId: id,
    traceparent: TRACE,
    payload: { sku, quantity, reason: 'opening stock', occurredAt: PLACED_AT },
  });
}

/** What may become of the payment of an approved order. */
export const ENDS = ['paid', 'declined', 'cancelled', 'refunded'] as const;
export type End = (typeof ENDS)[number];

/** What the payment service says, one record after the other. */
export function paymentOf(approved: DomainEvent<'OrderApproved'>, end: End): OutputRecord[] {
  const { orderId, customerId, lines, total: amount, tax } = approved.payload;
  const reference = { gatewayReference: 'pi_1', occurredAt: '2026-11-23T12:00:03.000Z' };
  const charged = { orderId, customerId, lines, amount, ...reference };
  const fee = { amount: '50', currency: 'EUR' };
  const say = <T extends PaymentType>(type: T, payload: Payload<T>): OutputRecord => {
    const id = eventId(approved.id, type);
    return writeEvent(topics.outboxPayment, {
      id,
      type,
      key: id,
      partitionBy: orderId,
      causationId: approved.id,
      traceparent: approved.traceparent,
      payload,
    });
  };
  const paid = () => say('PaymentSucceeded', { ...charged, attempt: 1, fee, tax });
  switch (end) {
    case 'paid':
      return [paid()];
    case 'declined':
      return [say('PaymentDeclined', { ...charged, attempt: 1, declineCode: 'card_declined' })];
    case 'cancelled':
      return [say('PaymentCancelled', charged)];
    case 'refunded':
      return [paid(), say('PaymentRefunded', { ...charged, refund: 1, tax })];
  }
}
type PaymentType = (typeof topics.outboxPayment.events)[number];

/** An event as a handler gets it. */
export function event<T extends EventType>(
  type: T,
  payload: Payload<T>,
  id = eventId(numbered(0), type, JSON.stringify(payload)),
): DomainEvent<T> {
  return { id, type, causationId: numbered(0), traceparent: TRACE, payload };
}

/** The events of a decision, read back through the registry's schemas. */
export function emitted(decision: Decision): AnyEvent[] {
  if ('kind' in decision) return [];
  return decision.flatMap((effect) =>
    effect.kind === 'emit' ? [readEvent(effect.record) as AnyEvent] : [],
  );
}
