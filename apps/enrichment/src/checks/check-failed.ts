import { emit, type Emit, type InputRecord } from '@checkout/eos';
import {
  eventId,
  eventIdIn,
  topicNamed,
  topics,
  traceparentIn,
  writeEvent,
} from '@checkout/events';
import { z } from 'zod';

/**
 * Ends the wait for an answer that cannot come.
 *
 * Guarantee: when a stage parks a record that names its order, the join hears of it in the same
 * Kafka transaction and rejects the order, unless it was decided before. Nothing waits for ever
 * because one record was unreadable.
 * Not promised: anything for a record that names no order. It lies in the dead-letter topic, and
 * the order stays open.
 *
 * The record may be broken in any way, so each field is read for itself; the time is the record's
 * own, never a clock's.
 */
export function checkFailed(record: InputRecord, stage: string, reason: string): Emit[] {
  const value = parsed(record.value);
  const orderId = orderNamedBy(record, value);
  if (orderId === undefined) return [];

  const coordinates = `${record.topic}/${record.partition}/${record.offset}`;
  return [
    emit(
      writeEvent(topics.checks, {
        id: eventId(orderId, 'CheckFailed', coordinates),
        type: 'CheckFailed',
        key: orderId,
        causationId: eventIdIn(record.headers) ?? orderId,
        traceparent: traceparentIn(record.headers),
        payload: {
          orderId,
          stage,
          reason: reason.slice(0, MAX_REASON_CHARS),
          occurredAt: timeOf(record, value),
        },
      }),
    ),
  ];
}

/** A parse error may quote the record, which may be a megabyte. */
const MAX_REASON_CHARS = 500;

const namesOrder = z.object({ orderId: z.uuid() });
const namesTime = z.object({ occurredAt: z.iso.datetime({ precision: 3 }) });

function orderNamedBy(record: InputRecord, value: unknown): string | undefined {
  const named = namesOrder.safeParse(value);
  if (named.success) return named.data.orderId;
  const keyIsOrder = topicNamed(record.topic).key === 'order id';
  const byKey = namesOrder.safeParse({ orderId: keyIsOrder ? record.key : null });
  return byKey.data?.orderId;
}

function timeOf(record: InputRecord, value: unknown): string {
  const named = namesTime.safeParse(value);
  return named.data?.occurredAt ?? new Date(record.timestamp).toISOString();
}

function parsed(value: Buffer | null): unknown {
  try {
    return JSON.parse(value?.toString('utf8') ?? 'null');
  } catch {
    return null;
  }
}
