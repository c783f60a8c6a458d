import type { InputRecord } from '@checkout/eos';
import { type EncodedRecord, eventId, orderPlacedId, topics, writeEvent } from '@checkout/events';
import { describe, expect, test } from 'vitest';
import { wanted } from './consumers.js';
import { approvalOf, cancelOf } from './testing/given.js';

const approval = approvalOf();
const { orderId } = approval.payload;
const cancel = cancelOf(approval);

function record(encoded: EncodedRecord): InputRecord {
  return { ...encoded, offset: 0n, timestamp: 0 };
}
const onOrders = { key: orderId, causationId: orderId, traceparent: '', partitionBy: orderId };

describe('of what lies on the topics', () => {
  test('an approval is wanted', () => {
    const { payload, id } = approval;
    const encoded = writeEvent(topics.ordersApproved, {
      ...onOrders,
      id,
      type: 'OrderApproved',
      payload,
    });
    expect(wanted(record(encoded))).toMatchObject({ id, type: 'OrderApproved', payload });
  });

  test('a cancel is wanted', () => {
    const { payload, id } = cancel;
    const encoded = writeEvent(topics.outboxOrder, {
      ...onOrders,
      id,
      type: 'OrderCancelRequested',
      payload,
    });
    expect(wanted(record(encoded))).toMatchObject({ id, type: 'OrderCancelRequested', payload });
  });

  test('an order that was placed or is overdue is passed over, unread', () => {
    const overdue = writeEvent(topics.outboxOrder, {
      ...onOrders,
      id: eventId(orderPlacedId(orderId), 'OrderOverdue'),
      type: 'OrderOverdue',
      payload: { orderId, occurredAt: '2026-11-24T12:00:01.204Z' },
    });
    expect(wanted(record(overdue))).toBeNull();
    const headers = { type: 'OrderPlaced' };
    expect(wanted(record({ ...overdue, headers, value: Buffer.from('{"broken') }))).toBeNull();
  });

  test.each([
    ['a cancel that is no JSON', { type: 'OrderCancelRequested' }, '{"broken'],
    ['an event of another kind', { type: 'PaymentSucceeded' }, '{}'],
    ['an event without a kind', {}, '{}'],
  ])('%s is refused, to be parked', (_what, headers, value) => {
    const at = { topic: topics.outboxOrder.name, partition: 0, offset: 7n, timestamp: 0 };
    const complete = { id: cancel.id, 'schema-version': '1', 'causation-id': orderId, ...headers };
    const broken = { ...at, key: orderId, value: Buffer.from(value), headers: complete };
    expect(() => wanted(broken)).toThrow();
  });
});
