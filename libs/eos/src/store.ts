/**
 * A keyed state of one consumer group: a Map per input partition, written to a changelog topic in
 * the same Kafka transaction as the outputs. Only the handlers of the topic that feeds it may
 * change it, and its changelog has as many partitions as that topic: then whoever owns the input
 * partition owns the keys.
 */
export interface Store<V> {
  readonly name: string;
  /** Compacted topic; partition n holds what input partition n has put. */
  readonly changelog: string;
  /** The one input topic whose records may change it. */
  readonly fedBy: string;
  /** Never set: it ties the type of the values to the store. */
  readonly holds?: (value: V) => void;
}

export interface StoreDefinition {
  readonly name: string;
  readonly changelog: string;
  readonly fedBy: string;
}

/** Values are kept as JSON: what cannot be written as JSON must not be put. */
export function store<V>(definition: StoreDefinition): Store<V> {
  return definition;
}

/** What a decision may look at. It sees what earlier decisions of the same batch have put. */
export interface State {
  get<V>(store: Store<V>, key: string): V | undefined;
}
