import {
  changelogs,
  eventSchemas,
  streamsChangelogs,
  topicNamed,
  topics,
  type EventType,
  type Payload,
} from '@checkout/events';
import { fatesOf, type Fate } from './evidence/fates.js';
import {
  placeOf,
  type Coordinate,
  type DataRecord,
  type KafkaEvidence,
} from './evidence/kafka-log.js';

/** A committed record of a topic of the registry, read. */
export interface SeenEvent<T extends EventType = EventType> {
  readonly record: DataRecord;
  readonly id: string;
  readonly type: T;
  readonly causationId: string;
  readonly payload: Payload<T>;
  /** The order it is about; null when it is about none. */
  readonly orderId: string | null;
}
export type AnySeen<T extends EventType = EventType> = { [K in T]: SeenEvent<K> }[T];

/** A committed record that no schema fits, and why. */
export interface Unreadable {
  readonly record: DataRecord;
  readonly why: string;
}

export type TopicKey = keyof typeof topics;
export type StoreKey = keyof typeof changelogs;
type StreamsStore = keyof typeof streamsChangelogs;
const STREAMS_STORES = Object.keys(streamsChangelogs) as StreamsStore[];

/** Kafka as the judge sees it. Everything is computed when it is first asked for, and once. */
export class LogView {
  readonly #fates = new Map<DataRecord, Fate>();
  readonly #byTopic = new Map<string, readonly DataRecord[]>();
  readonly #byPlace = new Map<string, DataRecord>();
  readonly #read = new Map<string, { events: AnySeen[]; unreadable: Unreadable[] }>();

  constructor({ logs }: KafkaEvidence) {
    for (const log of logs)
      for (const [record, fate] of fatesOf(log)) this.#fates.set(record, fate);
    for (const [topic, own] of Map.groupBy(logs, (log) => log.topic)) {
      this.#byTopic.set(
        topic,
        own.flatMap(({ records }) => records),
      );
    }
  }

  fateOf(record: DataRecord): Fate {
    return this.#fates.get(record) ?? 'open';
  }

  /** Every record of a topic, whatever became of it; by partition, then by offset. */
  records(topic: string): readonly DataRecord[] {
    return this.#byTopic.get(topic) ?? [];
  }

  committed(topic: string): readonly DataRecord[] {
    return this.records(topic).filter((record) => this.fateOf(record) === 'committed');
  }

  /** The record at a place, whatever became of it; undefined when it is not there (any more). */
  at(place: Coordinate): DataRecord | undefined {
    if (this.#byPlace.size === 0) {
      for (const record of this.#fates.keys()) this.#byPlace.set(placeOf(record), record);
    }
    return this.#byPlace.get(placeOf(place));
  }

  events<K extends TopicKey>(key: K): readonly AnySeen<(typeof topics)[K]['events'][number]>[] {
    return this.#readTopic(topics[key].name).events;
  }

  unreadable(key: TopicKey): readonly Unreadable[] {
    return this.#readTopic(topics[key].name).unreadable;
  }

  /**
   * Kafka Streams keeps the state of enrichment, and the engine none: said by where it lies, and by
   * nobody. Where both keep some, it is the engine's, and A10 names the other.
   */
  get runsOnStreams(): boolean {
    const holds = (topic: string): boolean => this.records(topic).length > 0;
    const own = STREAMS_STORES.map((key) => changelogs[key].name);
    return Object.values(streamsChangelogs).some(holds) && !own.some(holds);
  }

  /** The topic on which the rows of a store lie. */
  changelog(key: StoreKey): string {
    const isTheirs = (one: StoreKey): one is StreamsStore => one in streamsChangelogs;
    return this.runsOnStreams && isTheirs(key) ? streamsChangelogs[key] : changelogs[key].name;
  }

  /** Newest committed value per key of a store's changelog; removed keys are left out. */
  store(key: StoreKey): ReadonlyMap<string, unknown> {
    const values = new Map<string, unknown>();
    for (const { key: name, value } of this.committed(this.changelog(key))) {
      if (name === null) continue;
      if (value === null) values.delete(name);
      else values.set(name, JSON.parse(value));
    }
    return values;
  }

  #readTopic(topic: string): { events: AnySeen[]; unreadable: Unreadable[] } {
    const known = this.#read.get(topic);
    if (known) return known;
    const events: AnySeen[] = [];
    const unreadable: Unreadable[] = [];
    for (const record of this.committed(topic)) {
      const seen = readRecord(record);
      if ('why' in seen) unreadable.push(seen);
      else events.push(seen);
    }
    const read = { events, unreadable };
    this.#read.set(topic, read);
    return read;
  }
}

export function readRecord(record: DataRecord): AnySeen | Unreadable {
  const { topic, headers, value } = record;
  const { id, type } = headers;
  const causationId = headers['causation-id'];
  if (!id || !type || !causationId) return { record, why: 'a header is missing' };
  const isItsOwn = topicNamed(topic).events.some((one) => one === type);
  if (!isItsOwn) return { record, why: `${topic} carries no ${type}` };
  if (value === null) return { record, why: 'its value is null' };
  const parsed = eventSchemas[type as EventType].safeParse(parseJson(value));
  if (!parsed.success) return { record, why: parsed.error.issues[0]?.message ?? 'unreadable' };
  const payload = parsed.data;
  const orderId = 'orderId' in payload ? payload.orderId : null;
  return { record, id, type, causationId, payload, orderId } as AnySeen;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
