import { topics, writeEvent } from '@checkout/events';
import type { Owed } from '../model/output.js';
import type { Written } from './simulated-kafka.js';
import { textOf } from './simulated-world.js';

/** What a stage owes, as the record that it writes. */
export function written({ topic, id, type, key, causationId, payload }: Owed): Written {
  const spoken = structuredClone(payload) as { reasons?: { text: string }[]; reason?: string };
  for (const reason of spoken.reasons ?? []) reason.text = 'In words for the customer.';
  if (type === 'CheckFailed') spoken.reason = 'not decided in time';
  const event = { id, type, key, causationId, traceparent: '', payload: spoken as never };
  const record = writeEvent(topics[topic], event);
  return { ...record, value: textOf(record) };
}
