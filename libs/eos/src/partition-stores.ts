/**
 * The state stores of one input partition.
 *
 * Guarantee: what a decision reads is what committed Kafka transactions have put, plus the puts of
 * its own batch before it, and nothing else.
 * Threat: a batch is decided, its puts are remembered, and then its Kafka transaction is aborted.
 * The batch comes again, meets its own puts and decides "already done": the outputs are lost. So
 * puts go into an overlay, which is kept only when the commit is known, and thrown away otherwise.
 * Not promised: protection from a handler that changes a value in place deep inside. Values are
 * frozen at the top only; handlers return new ones.
 */
import { MAX_RECORD_BYTES, sizeOf, type Outgoing } from './outgoing.js';
import type { State, Store } from './store.js';
import { BugError } from './verdicts.js';

type Values = Map<string, unknown>;
/** Undefined stands for a removed key. */
type Changed = Map<string, unknown>;

export class PartitionStores {
  readonly #stores: ReadonlyMap<string, { store: Store<never>; values: Values }>;
  readonly #partition: number;

  constructor(stores: readonly Store<never>[], partition: number) {
    this.#stores = new Map(stores.map((store) => [store.name, { store, values: new Map() }]));
    this.#partition = partition;
  }

  /** Applies one changelog record while the state is restored. */
  restore(store: Store<never>, key: string, value: Buffer | null): void {
    const { values } = this.#held(store);
    if (value === null) values.delete(key);
    else values.set(key, frozen(JSON.parse(value.toString('utf8'))));
  }

  size(): number {
    return [...this.#stores.values()].reduce((sum, { values }) => sum + values.size, 0);
  }

  /** An empty overlay for the decisions of one Kafka transaction. */
  changes(): Changes {
    return new Changes(
      (store) => this.#held(store).values,
      (store, changed) => changelogRecords(store, changed, this.#partition),
    );
  }

  keep(changes: Changes): void {
    for (const [store, changed] of changes.byStore) {
      const { values } = this.#held(store);
      for (const [key, value] of changed) {
        if (value === undefined) values.delete(key);
        else values.set(key, value);
      }
    }
  }

  #held(store: Store<never>): { store: Store<never>; values: Values } {
    const held = this.#stores.get(store.name);
    if (!held) {
      throw new BugError(
        `store ${store.name} is not fed by this topic, or was not given to the runner`,
      );
    }
    return held;
  }
}

export class Changes implements State {
  readonly byStore = new Map<Store<never>, Changed>();
  readonly #committed: (store: Store<never>) => Values;
  readonly #write: (store: Store<never>, changed: Changed) => Outgoing[];

  constructor(
    committed: (store: Store<never>) => Values,
    write: (store: Store<never>, changed: Changed) => Outgoing[],
  ) {
    this.#committed = committed;
    this.#write = write;
  }

  get<V>(store: Store<V>, key: string): V | undefined {
    const changed = this.byStore.get(store);
    if (changed?.has(key)) return changed.get(key) as V | undefined;
    return this.#committed(store).get(key) as V | undefined;
  }

  set(store: Store<never>, key: string, value: unknown): void {
    this.#committed(store);
    const changed = this.byStore.get(store) ?? new Map<string, unknown>();
    changed.set(key, value === undefined ? undefined : frozen(value));
    this.byStore.set(store, changed);
  }

  /** One changelog record a key, however often it was put. */
  records(): Outgoing[] {
    return [...this.byStore].flatMap(([store, changed]) => this.#write(store, changed));
  }
}

function changelogRecords(store: Store<never>, changed: Changed, partition: number): Outgoing[] {
  return [...changed].map(([key, value]) => {
    const json = value === undefined ? null : Buffer.from(JSON.stringify(value), 'utf8');
    const record = { topic: store.changelog, partition, key, value: json, headers: {} };
    if (sizeOf(record) <= MAX_RECORD_BYTES) return record;
    throw new BugError(
      `store ${store.name}: the value of ${key} has grown to ${json?.length} bytes`,
    );
  });
}

function frozen(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? Object.freeze(value) : value;
}
