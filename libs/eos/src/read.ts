import type { Batch, KafkaMessage } from 'kafkajs';
import type { InputRecord } from './record.js';

/** What one fetch brought of one partition. */
export interface FetchedBatch {
  readonly topic: string;
  readonly partition: number;
  /** The offset that was asked for. */
  readonly from: bigint;
  readonly records: readonly ReadRecord[];
  /** The offset behind it, control records and aborted records counted. */
  readonly end: bigint;
}

export function fetchedBatch(batch: Batch): FetchedBatch {
  const { topic, partition } = batch;
  return {
    topic,
    partition,
    from: BigInt(batch.fetchedOffset),
    records: batch.messages.map((raw) => new ReadRecord(topic, partition, raw)),
    end: BigInt(batch.lastOffset()) + 1n,
  };
}

/**
 * A record as handlers see it, and its bytes, which a parked copy must keep. A fetch brings
 * thousands, and a handler looks at some fields: what nobody asks for is not made.
 */
export class ReadRecord implements InputRecord {
  readonly topic: string;
  readonly partition: number;
  readonly raw: KafkaMessage;
  #headers: Readonly<Record<string, string>> | undefined;

  constructor(topic: string, partition: number, raw: KafkaMessage) {
    this.topic = topic;
    this.partition = partition;
    this.raw = raw;
  }

  get offset(): bigint {
    return BigInt(this.raw.offset);
  }

  get key(): string | null {
    return this.raw.key?.toString('utf8') ?? null;
  }

  get value(): Buffer | null {
    return this.raw.value;
  }

  get timestamp(): number {
    return Number(this.raw.timestamp);
  }

  /** Of a name that comes several times the last value, as Kafka's `lastHeader` gives it. */
  get headers(): Readonly<Record<string, string>> {
    return (this.#headers ??= textHeaders(this.raw));
  }
}

function textHeaders({ headers }: KafkaMessage): Record<string, string> {
  const text: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined && last !== null) text[name] = last.toString('utf8');
  }
  return text;
}
