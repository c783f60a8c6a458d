import type { IHeaders, TopicMessages } from 'kafkajs';

/** Any record the engine writes: an output, a change of a store, a parked input. */
export interface Outgoing {
  readonly topic: string;
  /** Always named: kafkajs would choose a keyless record's partition anew on every retry. */
  readonly partition: number;
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers: IHeaders;
}

/** max.message.bytes of a topic is 1 MiB: what is larger by itself can never be written. */
export const MAX_RECORD_BYTES = 1_000_000;
/** Length fields, offset and time deltas of one record, rounded up. */
const RECORD_OVERHEAD = 40;
const HEADER_OVERHEAD = 4;

export function sizeOf(record: Outgoing): number {
  let bytes = RECORD_OVERHEAD + lengthOf(record.key) + lengthOf(record.value);
  for (const name in record.headers) {
    const value = record.headers[name];
    for (const one of Array.isArray(value) ? value : [value]) {
      bytes += HEADER_OVERHEAD + Buffer.byteLength(name) + lengthOf(one ?? null);
    }
  }
  return bytes;
}

function lengthOf(data: string | Buffer | null): number {
  if (data === null) return 0;
  return typeof data === 'string' ? Buffer.byteLength(data) : data.length;
}

/**
 * Cuts the records of one Kafka transaction into sends that the broker accepts: kafkajs makes one
 * record batch per partition of a send, and a batch beyond max.message.bytes is refused, for ever.
 * A record that is too large by itself goes alone.
 */
export function sends(records: readonly Outgoing[], maxBytes: number): TopicMessages[][] {
  const cut: Outgoing[][] = [];
  let current: Outgoing[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = sizeOf(record);
    if (current.length > 0 && bytes + size > maxBytes) {
      cut.push(current);
      current = [];
      bytes = 0;
    }
    current.push(record);
    bytes += size;
  }
  if (current.length > 0) cut.push(current);
  return cut.map(byTopic);
}

function byTopic(records: readonly Outgoing[]): TopicMessages[] {
  const topics = new Map<string, TopicMessages>();
  for (const record of records) {
    const { topic } = record;
    const entry = topics.get(topic) ?? { topic, messages: [] };
    entry.messages.push(record);
    topics.set(topic, entry);
  }
  return [...topics.values()];
}
