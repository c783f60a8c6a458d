import type { Decision, InputRecord, OutputRecord, State, Store } from '@checkout/eos';
import { stagesOf } from '@checkout/eos-nest';
import { readEvent, type AnyEvent, type EventType } from '@checkout/events';
import { Stages } from '../stages.js';

const stages = stagesOf(new Stages());

/**
 * The four stages over topics in memory: what the handlers decide is applied, one record at a time,
 * in an order that the caller chooses. It knows nothing of crashes; those are the engine's, and are
 * tested there and on a real broker.
 */
export class Pipeline {
  readonly #log = new Map<string, Entry[]>();
  readonly #position = new Map<string, number>();
  readonly #state = new MemoryState();
  readonly parked: { readonly record: InputRecord; readonly reason: string }[] = [];

  /** Adds a record to its partition: at the end, or at a chosen place among those not yet read. */
  publish(record: OutputRecord, place: Place = {}): void {
    const log = this.#partition(record);
    const unreadFrom = this.#position.get(partitionName(record)) ?? 0;
    const early = Math.min(place.early ?? 0, log.length - unreadFrom);
    log.splice(log.length - early, 0, { record, repeated: place.repeated ?? false });
  }

  /** Partitions that some stage has not read to the end. */
  unread(): string[] {
    const consumed = (name: string): boolean => stageOf(name.split('|')[0] ?? '') !== undefined;
    return [...this.#log.keys()].filter(
      (name) =>
        consumed(name) && (this.#position.get(name) ?? 0) < this.#partitionNamed(name).length,
    );
  }

  /** Processes one record of a partition; returns what came of it. */
  step(partition: string): readonly OutputRecord[] {
    const offset = this.#position.get(partition) ?? 0;
    const entry = this.#partitionNamed(partition)[offset];
    if (!entry) throw new Error(`${partition} has nothing to read`);
    this.#position.set(partition, offset + 1);
    return this.#process(asInput(entry.record, offset));
  }

  /** Reads everything in order, publishing what comes of it. */
  drain(): void {
    for (let next = this.unread()[0]; next; next = this.unread()[0]) {
      for (const output of this.step(next)) this.publish(output);
    }
  }

  /** Every event of these types on any topic, without the repeats that were planted. */
  events<const T extends EventType>(...types: readonly T[]): AnyEvent<T>[] {
    const entries = [...this.#log.values()].flat().filter((entry) => !entry.repeated);
    return entries
      .filter(({ record }) => types.includes(record.headers['type'] as T))
      .map(({ record }) => readEvent(record, ...types));
  }

  /** Of all events on all topics. */
  ids(): ReadonlySet<string | undefined> {
    return new Set([...this.#log.values()].flat().map(({ record }) => record.headers['id']));
  }

  /** Those of a topic on which something was written. */
  partitionsOf(topic: string): string[] {
    return [...this.#log.keys()].filter((name) => name.startsWith(`${topic}|`));
  }

  /** Forgets what was read, and not what came of it. */
  rewind(): void {
    this.#position.clear();
  }

  /** Every row of a store, by key. */
  rows<V>(store: Store<V>): ReadonlyMap<string, V> {
    return this.#state.rows(store);
  }

  #process(record: InputRecord): OutputRecord[] {
    const stage = stageOf(record.topic);
    if (!stage) throw new Error(`no stage reads ${record.topic}`);
    const parked = (reason: string): OutputRecord[] => {
      this.parked.push({ record, reason });
      return (stage.onPark?.(record, reason) ?? []).map((effect) => effect.record);
    };
    let event: unknown;
    try {
      event = stage.decode(record);
    } catch (error) {
      return parked((error as Error).message);
    }
    const decision = stage.decide(event, this.#state, record);
    if ('kind' in decision) return decision.kind === 'park' ? parked(decision.reason) : [];
    return this.#state.apply(decision);
  }

  #partition(record: { topic: string; partition: number }): Entry[] {
    const name = partitionName(record);
    const log = this.#log.get(name) ?? [];
    this.#log.set(name, log);
    return log;
  }

  #partitionNamed(name: string): Entry[] {
    return this.#log.get(name) ?? [];
  }
}

interface Entry {
  readonly record: OutputRecord;
  readonly repeated: boolean;
}

export interface Place {
  /** How many unread records it overtakes. */
  readonly early?: number;
  /** A planted repeat: not counted among the events. */
  readonly repeated?: boolean;
}

/** A state that behaves like the engine's: values survive as JSON, and nothing is shared. */
export class MemoryState implements State {
  readonly #stores = new Map<string, Map<string, unknown>>();

  get<V>(store: Store<V>, key: string): V | undefined {
    return this.#stores.get(store.name)?.get(key) as V | undefined;
  }

  /** Keeps the puts and returns the records to emit. */
  apply(decision: Decision): OutputRecord[] {
    if ('kind' in decision) return [];
    const emitted: OutputRecord[] = [];
    for (const effect of decision) {
      if (effect.kind === 'emit') emitted.push(effect.record);
      else if (effect.kind === 'remove') this.#rows(effect.store).delete(effect.key);
      else this.#rows(effect.store).set(effect.key, JSON.parse(JSON.stringify(effect.value)));
    }
    return emitted;
  }

  rows<V>(store: Store<V>): ReadonlyMap<string, V> {
    return this.#rows(store) as Map<string, V>;
  }

  #rows(store: Store<never>): Map<string, unknown> {
    const rows = this.#stores.get(store.name) ?? new Map<string, unknown>();
    this.#stores.set(store.name, rows);
    return rows;
  }
}

const partitionName = (record: { topic: string; partition: number }): string =>
  `${record.topic}|${record.partition}`;

const stageOf = (topic: string) => stages.find((stage) => stage.topics.includes(topic));

export function asInput(record: OutputRecord, offset = 0): InputRecord {
  return { ...record, offset: BigInt(offset), timestamp: 0 };
}
