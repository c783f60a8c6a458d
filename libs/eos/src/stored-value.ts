/**
 * A value as a store keeps it, which is as its changelog will give it back.
 *
 * Guarantee: a handler cannot tell whether the state it reads was put by this process or restored
 * after a crash, and cannot change it but by putting another value.
 * Threat: a handler puts a Date. It reads a Date until the process is killed, and a text from then
 * on. Or it pushes to a list that it has read: nothing of that is in the changelog, an aborted
 * Kafka transaction does not undo it, and the successor decides otherwise about the same input. So
 * what JSON would change is refused, and what is kept is frozen, all the way down.
 * Not promised: that a field which is undefined is there again; read, it is undefined either way.
 */
import type { Store } from './store.js';
import { BugError } from './verdicts.js';

/** Deeper than any state that somebody meant; a circle has no bottom. */
const DEEPEST = 64;

/** Throws a BugError: the same handler would put the same again. */
export function storedValue(value: unknown, store: Store<never>, key: string): unknown {
  const fault = freeze(value, DEEPEST);
  if (fault === null) return value;
  throw new BugError(`${nameOf(store, key)} cannot be kept: it holds ${fault}`);
}

export const nameOf = (store: Store<never>, key: string): string =>
  `store ${store.name}: the value of ${key}`;

/** What JSON cannot hold, in words; null when it holds all of it. */
function freeze(value: unknown, depth: number): string | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  if (depth === 0) return `more than ${DEEPEST} levels, or itself`;
  const parts: readonly unknown[] | null = Array.isArray(value) ? value : partsOf(value);
  if (parts === null) return `a ${value.constructor.name}`;
  Object.freeze(value);
  for (const part of parts) {
    const fault = freeze(part, depth - 1);
    if (fault !== null) return fault;
  }
  return null;
}

/** Null when it is not an object that JSON.parse could have made. */
function partsOf(value: object): unknown[] | null {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return null;
  return (Object.values(value) as unknown[]).filter((part) => part !== undefined);
}
