import type { OutputRecord } from './record.js';
import type { Store } from './store.js';

/**
 * What a handler returns. It decides and touches nothing; the engine turns the decision into
 * records and commits them together with the offset that passes the input.
 */
export type Decision = readonly Effect[] | Skip | Park;
export type Effect = Emit | Put<unknown> | Remove;

export interface Emit {
  readonly kind: 'emit';
  readonly record: OutputRecord;
}
export interface Put<V> {
  readonly kind: 'put';
  readonly store: Store<never>;
  readonly key: string;
  readonly value: V;
}
export interface Remove {
  readonly kind: 'remove';
  readonly store: Store<never>;
  readonly key: string;
}
/** Nothing to do, and why. The offset moves on all the same. */
export interface Skip {
  readonly kind: 'skip';
  readonly reason: string;
}
/**
 * This record can never be processed: it goes to the dead-letter topic, with what must be said
 * about it.
 */
export interface Park {
  readonly kind: 'park';
  readonly reason: string;
  readonly also: readonly Emit[];
}

export function emit(record: OutputRecord): Emit {
  return { kind: 'emit', record };
}

export function put<V>(store: Store<V>, key: string, value: NoInfer<V>): Put<V> {
  return { kind: 'put', store, key, value };
}

export function remove<V>(store: Store<V>, key: string): Remove {
  return { kind: 'remove', store, key };
}

export function skip(reason: string): Skip {
  return { kind: 'skip', reason };
}

export function park(reason: string, ...also: Emit[]): Park {
  return { kind: 'park', reason, also };
}
