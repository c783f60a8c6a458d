import type { Delivery } from '@checkout/eos';
import { type AnyEvent, eventId, orderPlacedId, type Payload, topics } from '@checkout/events';
import type { Wanted } from '../consumers.js';

/** The events that this service hears, as they come from the topics. */
export type Approval = AnyEvent<'OrderApproved'>;
export type CancelRequest = AnyEvent<'OrderCancelRequested'>;

let orders = 0;

/** Every test file has databases of its own, so that counting is enough. */
function newOrderId(): string {
  return `0190a6b2-6f00-7000-8000-${String(++orders).padStart(12, '0')}`;
}

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

export function approvalOf(given: Partial<Payload<'OrderApproved'>> = {}): Approval {
  const orderId = given.orderId ?? newOrderId();
  const cause = orderPlacedId(orderId);
  return {
    id: eventId(cause, 'OrderApproved'),
    type: 'OrderApproved',
    causationId: cause,
    traceparent,
    payload: {
      orderId,
      customerId: '0190a6b2-6f00-7000-8000-00000000c001',
      lines: [
        {
          lineNumber: 1,
          sku: 'espresso-cup',
          quantity: 2,
          unitPrice: { amount: '2100', currency: 'EUR' },
        },
      ],
      total: { amount: '4200', currency: 'EUR' },
      tax: { amount: '671', currency: 'EUR' },
      paymentMethod: 'pm_card_visa',
      occurredAt: '2026-11-24T12:00:01.204Z',
      fraud: { ordersInWindow: 1 },
      ...given,
    },
  };
}

/** The customer cancels the order of this approval, whether it has been heard of or not. */
export function cancelOf({ payload: { orderId, customerId } }: Approval): CancelRequest {
  const cause = orderPlacedId(orderId);
  return {
    id: eventId(cause, 'OrderCancelRequested'),
    type: 'OrderCancelRequested',
    causationId: cause,
    traceparent,
    payload: { orderId, customerId, occurredAt: '2026-11-24T12:00:09.100Z' },
  };
}

let nextOffset = 0n;

export function delivery(event: Wanted): Delivery<Wanted> {
  const { name } = event.type === 'OrderApproved' ? topics.ordersApproved : topics.outboxOrder;
  return {
    event,
    record: {
      topic: name,
      partition: 0,
      offset: nextOffset++,
      key: event.payload.orderId,
      value: Buffer.from(JSON.stringify(event.payload)),
      headers: { id: event.id, type: event.type },
      timestamp: 0,
    },
  };
}
