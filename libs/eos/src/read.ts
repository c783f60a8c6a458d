import type { Batch, IHeaders, KafkaMessage } from 'kafkajs';
import type { InputRecord } from './record.js';

/** A record as handlers see it, and its bytes, which a parked copy must keep. */
export interface Read {
  readonly record: InputRecord;
  readonly raw: KafkaMessage;
}

/** What one fetch brought of one partition. */
export interface FetchedBatch {
  readonly topic: string;
  readonly partition: number;
  /** The offset that was asked for. */
  readonly from: bigint;
  readonly reads: readonly Read[];
  /** The offset behind it, control records and aborted records counted. */
  readonly end: bigint;
}

export function fetchedBatch(batch: Batch): FetchedBatch {
  const { topic, partition } = batch;
  return {
    topic,
    partition,
    from: BigInt(batch.fetchedOffset),
    reads: batch.messages.map((raw) => ({ raw, record: inputRecord(topic, partition, raw) })),
    end: BigInt(batch.lastOffset()) + 1n,
  };
}

export function inputRecord(topic: string, partition: number, raw: KafkaMessage): InputRecord {
  return {
    topic,
    partition,
    offset: BigInt(raw.offset),
    key: raw.key === null ? null : raw.key.toString('utf8'),
    value: raw.value,
    headers: textHeaders(raw.headers ?? {}),
    timestamp: Number(raw.timestamp),
  };
}

function textHeaders(headers: IHeaders): Record<string, string> {
  const text: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined && last !== null) text[name] = last.toString('utf8');
  }
  return text;
}
