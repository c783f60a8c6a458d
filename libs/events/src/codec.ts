import { validate as isUuid } from 'uuid';
import { partitionOf } from './partition.js';
import { eventSchemas, type EventType, type Payload } from './schemas.js';
import { topicNamed, type TopicDefinition } from './topics.js';

/** An event as handlers see it: what happened, and where it was read. */
export interface DomainEvent<T extends EventType = EventType> {
  readonly id: string;
  readonly type: T;
  readonly causationId: string;
  readonly traceparent: string;
  readonly payload: Payload<T>;
}

/** A union over the types, so that a switch over `type` narrows `payload`. */
export type AnyEvent<T extends EventType = EventType> = { [K in T]: DomainEvent<K> }[T];

/** What the engine hands over and takes back; structurally the same as its records. */
export interface RawRecord {
  readonly topic: string;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}
export interface EncodedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Record<string, string>;
}

/** The record can never be read, by anybody: it is parked, not retried. */
export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent';
}

const SCHEMA_VERSION = '1';
/** This version and the one before it. */
const READABLE_VERSIONS: readonly string[] = ['1'];

/** Throws {@link InvalidEvent} that names the header or field and what was expected. */
export function readEvent<const T extends EventType>(
  record: RawRecord,
  ...expected: readonly T[]
): AnyEvent<T> {
  const { headers, value } = record;
  const id = eventIdIn(headers);
  if (id === undefined) throw new InvalidEvent('header id is missing, or no UUID');
  const type = required(headers, 'type') as T;
  const allowed: readonly string[] = expected.length ? expected : topicNamed(record.topic).events;
  if (!allowed.includes(type)) {
    throw new InvalidEvent(`type ${type} is not one of ${allowed.join(', ')}`);
  }
  const version = required(headers, 'schema-version');
  if (!READABLE_VERSIONS.includes(version)) {
    throw new InvalidEvent(
      `schema-version ${version} is not one of ${READABLE_VERSIONS.join(', ')}`,
    );
  }
  if (value === null) throw new InvalidEvent('the value is null');
  const parsed = eventSchemas[type].safeParse(parseJson(value));
  if (!parsed.success) {
    const faults = parsed.error.issues.map((i) => `${i.path.join('.') || 'value'}: ${i.message}`);
    throw new InvalidEvent(`${type}: ${faults.join('; ')}`);
  }
  const causationId = required(headers, 'causation-id');
  const traceparent = traceparentIn(headers);
  return { id, type, causationId, traceparent, payload: parsed.data } as AnyEvent<T>;
}

type Headers = RawRecord['headers'];

/** Ids of what follows are derived from it, which only a UUID allows. */
export function eventIdIn({ id }: Headers): string | undefined {
  return isUuid(id) ? id : undefined;
}

/** W3C trace context, version 00. */
const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * Empty when there is none, or another text: every event that follows carries it on, so a long one
 * would make records that nobody can write.
 */
export function traceparentIn({ traceparent = '' }: Headers): string {
  return TRACEPARENT.test(traceparent) ? traceparent : '';
}

function required(headers: Headers, name: string): string {
  const value = headers[name];
  if (!value) throw new InvalidEvent(`header ${name} is missing`);
  return value;
}

function parseJson(value: Buffer): unknown {
  try {
    return JSON.parse(value.toString('utf8'));
  } catch (error) {
    throw new InvalidEvent(`the value is not JSON: ${(error as Error).message}`);
  }
}

export interface NewEvent<T extends EventType> {
  readonly id: string;
  readonly type: T;
  /** Record key; the partition follows from `partitionBy`, or from the key. */
  readonly key: string;
  readonly partitionBy?: string;
  readonly causationId: string;
  readonly traceparent: string;
  readonly payload: Payload<T>;
}

/**
 * Throws when the registry does not list the type for the topic: that is a bug of the caller, not
 * of the data.
 */
export function writeEvent<T extends EventType>(
  topic: TopicDefinition,
  event: NewEvent<T>,
): EncodedRecord {
  if (!topic.events.includes(event.type)) {
    throw new Error(`${event.type} does not belong on ${topic.name}`);
  }
  const headers: Record<string, string> = {
    id: event.id,
    type: event.type,
    'schema-version': SCHEMA_VERSION,
    'causation-id': event.causationId,
  };
  if (event.traceparent) headers['traceparent'] = event.traceparent;
  return {
    topic: topic.name,
    partition: partitionOf(event.partitionBy ?? event.key, topic.partitions),
    key: event.key,
    value: Buffer.from(JSON.stringify(event.payload), 'utf8'),
    headers,
  };
}
