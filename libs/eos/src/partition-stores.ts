/**
 * The state stores of one input partition.
 *
 * Guarantee: what a decision reads is what committed Kafka transactions have put, plus the puts of
 * its own portion before it, and nothing else; and it is in the changelog, or will never be read.
 * The failure stories:
 * - A portion is decided, its puts are remembered, and then its Kafka transaction is aborted. It
 *   comes again, meets its own puts and decides "already done": the outputs are lost. So puts go
 *   into an overlay, which is kept only when the commit is known, and thrown away otherwise.
 * - The process is killed between the changelog's append and the end of the Kafka transaction. The
 *   records lie in the log; the successor's fencing aborts them, and its restore passes over them
 *   (reader.ts).
 * - It is killed when the commit is done and not yet known. The successor finds state and offset
 *   moved together, since both were in that Kafka transaction.
 * - The outcome is unknown. This state is thrown away whole, and restored after fencing again.
 * Not promised: a bound. Every key is held in memory (README.md says what one costs), and a handler
 * that never removes keys grows for ever. Nor a look at a store from outside its partition.
 */
import { messageOf } from './kafka-errors.js';
import { MAX_RECORD_BYTES, sizeOf, type Outgoing } from './outgoing.js';
import type { State, Store } from './store.js';
import { nameOf, storedValue } from './stored-value.js';
import { BugError } from './verdicts.js';

interface Held {
  readonly store: Store<never>;
  readonly values: Map<string, unknown>;
}
/** What has been put under each key of a store, or that it was removed. */
type Changed = Map<Held, Map<string, unknown>>;
const REMOVED = Symbol('removed');

export class PartitionStores {
  readonly #stores: ReadonlyMap<string, Held>;
  readonly #partition: number;

  constructor(stores: readonly Store<never>[], partition: number) {
    this.#stores = new Map(stores.map((store) => [store.name, { store, values: new Map() }]));
    this.#partition = partition;
  }

  /** Applies one changelog record while the state is restored; one without a value removes. */
  restore(store: Store<never>, key: string, value: Buffer | null): void {
    const { values } = this.#held(store);
    if (value === null) values.delete(key);
    else values.set(key, restored(store, key, value));
  }

  size(): number {
    return [...this.#stores.values()].reduce((sum, { values }) => sum + values.size, 0);
  }

  /** An empty overlay for the decisions of one Kafka transaction. */
  changes(): Changes {
    return new Changes((store) => this.#held(store), this.#partition);
  }

  keep(changes: Changes): void {
    for (const [{ values }, changed] of changes.changed) {
      for (const [key, value] of changed) {
        if (value === REMOVED) values.delete(key);
        else values.set(key, value);
      }
    }
  }

  /** By its name: a store that is defined in two places is one. */
  #held({ name, changelog }: Store<never>): Held {
    const held = this.#stores.get(name);
    if (held?.store.changelog === changelog) return held;
    throw new BugError(`store ${name} is not fed by this topic, or was not given to the runner`);
  }
}

export class Changes implements State {
  readonly changed: Changed = new Map();
  readonly #held: (store: Store<never>) => Held;
  readonly #partition: number;

  constructor(held: (store: Store<never>) => Held, partition: number) {
    this.#held = held;
    this.#partition = partition;
  }

  get<V>(store: Store<V>, key: string): V | undefined {
    const held = this.#held(store);
    const put = this.changed.get(held)?.get(key);
    const value = put === undefined ? held.values.get(key) : put;
    return (value === REMOVED ? undefined : value) as V | undefined;
  }

  /** Undefined removes the key. */
  set(store: Store<never>, key: string, value: unknown): void {
    const held = this.#held(store);
    if (!key.isWellFormed()) {
      throw new BugError(`store ${store.name}: a key is not text that UTF-8 can hold`);
    }
    let changed = this.changed.get(held);
    if (!changed) this.changed.set(held, (changed = new Map<string, unknown>()));
    changed.set(key, value === undefined ? REMOVED : storedValue(value, store, key));
  }

  /** One changelog record a key, however often it was put. */
  writeTo(write: (record: Outgoing, bytes: number) => void): void {
    for (const [{ store }, changed] of this.changed) {
      for (const [key, value] of changed) {
        const record = changelogRecord(store, this.#partition, { key, value });
        const bytes = sizeOf(record);
        if (bytes > MAX_RECORD_BYTES) {
          throw new BugError(`${nameOf(store, key)} has grown to ${bytes} bytes`);
        }
        write(record, bytes);
      }
    }
  }
}

interface Change {
  readonly key: string;
  readonly value: unknown;
}

function changelogRecord(store: Store<never>, partition: number, { key, value }: Change): Outgoing {
  const json = value === REMOVED ? null : JSON.stringify(value);
  return { topic: store.changelog, partition, key, value: json, headers: {} };
}

/** Whoever wrote it, it was not a runner: to try again would not make it readable. */
function restored(store: Store<never>, key: string, value: Buffer): unknown {
  try {
    return storedValue(JSON.parse(value.toString('utf8')), store, key);
  } catch (error) {
    const cause = `${store.changelog} holds what is not JSON: ${messageOf(error)}`;
    throw new BugError(`${nameOf(store, key)} cannot be restored: ${cause}`, { cause: error });
  }
}
