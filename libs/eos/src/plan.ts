/**
 * From records to what one Kafka transaction will write. Pure: nothing is sent here, so that a
 * crash or an abort afterwards leaves nothing behind but memory.
 *
 * Guarantee: each input record is decided on once in the plan, or parked with its coordinates and
 * the cause; it is never dropped in silence. It stops those behind it only where its dead-letter
 * topic refuses it, too: then the process ends (partition-owner.ts).
 */
import type { Decision, Effect, Emit, Put, Remove } from './decision.js';
import { messageOf } from './kafka-errors.js';
import { MAX_RECORD_BYTES, sizeOf, type Outgoing } from './outgoing.js';
import type { Changes, PartitionStores } from './partition-stores.js';
import type { ReadRecord } from './read.js';
import type { InputRecord } from './record.js';
import type { State } from './store.js';
import { BugError, PoisonError, RetryError } from './verdicts.js';

/** The application's part. */
export interface Handler<E> {
  readonly group: string;
  decode(record: InputRecord): E;
  decide(event: E, state: State, record: InputRecord): Decision;
  onPark?(record: InputRecord, reason: string): Emit[];
  /** Outputs that other programs' clients would misread are not parked. */
  readonly anyKey?: boolean | undefined;
}

export interface Plan {
  /** Which it is about: the first ones, all or some. */
  readonly taken: readonly InputRecord[];
  readonly records: readonly Outgoing[];
  /** Of all of these. */
  readonly bytes: number;
  readonly changes: Changes;
  readonly parked: readonly { readonly record: InputRecord; readonly reason: string }[];
}

/** A cause is for reading; the record beside it is what matters. */
const MAX_REASON_CHARS = 1_000;

export function plan<E>(
  given: Iterable<ReadRecord>,
  handler: Handler<E>,
  stores: PartitionStores,
): Plan {
  const changes = stores.changes();
  const records: Outgoing[] = [];
  const parked: { record: InputRecord; reason: string }[] = [];
  let bytes = 0;
  const write = (record: Outgoing, size = sizeOf(record)): void => {
    records.push(record);
    bytes += size;
  };
  const apply = (effect: Effect, cause: InputRecord): void => {
    if (effect.kind === 'emit') records.push(checked(effect.record));
    else remember(effect, cause, changes);
  };
  const take = (record: ReadRecord): void => {
    const decided = decideOne(record, handler, changes);
    if (decided.reason !== undefined) {
      const reason = decided.reason.slice(0, MAX_REASON_CHARS);
      parked.push({ record, reason });
      write(parkedCopy(record, handler.group, reason));
    }
    for (const effect of decided.effects) apply(effect, record);
    bytes += decided.bytes;
  };

  const taken: InputRecord[] = [];
  for (const record of given) {
    taken.push(record);
    try {
      take(record);
    } catch (error) {
      throw asVerdict(error, record);
    }
  }
  changes.writeTo(write);
  return { taken, records, bytes, changes, parked };
}

/** The handler is pure: it would throw the same again. */
function asVerdict(error: unknown, record: InputRecord): RetryError | BugError {
  if (error instanceof RetryError || error instanceof BugError) return error;
  return new BugError(`deciding on ${coordinates(record)}: ${messageOf(error)}`, { cause: error });
}

interface Decided {
  readonly effects: readonly Effect[];
  /** Of its outputs. */
  readonly bytes: number;
  /** Why it is parked. */
  readonly reason?: string;
}

function decideOne<E>(record: InputRecord, handler: Handler<E>, state: State): Decided {
  /** What cannot be said about it is left out, and holds nobody up. */
  const parkedFor = (reason: string, also: readonly Emit[] = []): Decided => {
    const effects = [...also, ...(handler.onPark?.(record, reason) ?? [])];
    const bytes = bytesOf(effects, handler.anyKey);
    if (typeof bytes === 'number') return { effects, bytes, reason };
    return { effects: [], bytes: 0, reason: `${reason}; what was to be said of it: ${bytes}` };
  };

  let event: E;
  try {
    event = handler.decode(record);
  } catch (error) {
    return parkedFor(messageOf(error));
  }

  let decision: Decision;
  try {
    decision = handler.decide(event, state, record);
  } catch (error) {
    if (error instanceof PoisonError) return parkedFor(error.message);
    throw error;
  }

  if (!('kind' in decision)) {
    const bytes = bytesOf(decision, handler.anyKey);
    return typeof bytes === 'string' ? parkedFor(bytes) : { effects: decision, bytes };
  }
  if (decision.kind === 'skip') return { effects: [], bytes: 0 };
  return parkedFor(decision.reason, decision.also);
}

/** Of the outputs; or why one of them cannot be written. */
function bytesOf(effects: readonly Effect[], anyKey = false): number | string {
  let bytes = 0;
  for (const effect of effects) {
    if (effect.kind !== 'emit') continue;
    const size = sizeOf(effect.record);
    if (size > MAX_RECORD_BYTES) return 'its output is larger than a record may be';
    if (!anyKey && effect.record.key === ABORT_MARKER) {
      return 'its output has the key of an abort marker';
    }
    bytes += size;
  }
  return bytes;
}

function remember(effect: Put<unknown> | Remove, cause: InputRecord, changes: Changes): void {
  if (effect.store.fedBy !== cause.topic) {
    throw new BugError(
      `store ${effect.store.name} is fed by ${effect.store.fedBy}, not by ${cause.topic}`,
    );
  }
  changes.set(effect.store, effect.key, effect.kind === 'put' ? effect.value : undefined);
}

function checked(record: Emit['record']): Outgoing {
  if (Number.isInteger(record.partition) && record.partition >= 0) return record;
  throw new BugError(`an output for ${record.topic} names no partition: ${record.partition}`);
}

/**
 * The published kafkajs takes such a key for the marker of an abort, on whatever record, and
 * delivers what else was rolled back with it.
 */
const ABORT_MARKER = '\0\0\0\0';

export const deadLetterTopic = (topic: string, group: string): string => `${topic}.${group}.dlq`;

/** Byte for byte, a key like that marker too: it is evidence, and whoever reads it must know. */
function parkedCopy(record: ReadRecord, group: string, reason: string): Outgoing {
  const { raw } = record;
  return {
    topic: deadLetterTopic(record.topic, group),
    partition: 0,
    key: raw.key,
    value: raw.value,
    headers: {
      ...raw.headers,
      'dlq-topic': record.topic,
      'dlq-partition': String(record.partition),
      'dlq-offset': String(record.offset),
      'dlq-timestamp': String(record.timestamp),
      'dlq-group': group,
      'dlq-reason': reason,
    },
  };
}

export const coordinates = (record: Pick<InputRecord, 'topic' | 'partition' | 'offset'>): string =>
  `${record.topic}-${record.partition}@${record.offset}`;
