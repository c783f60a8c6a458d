/**
 * A value as a store keeps it, which is as its changelog will give it back.
 *
 * Guarantee: a handler cannot tell whether the state it reads was put by this process or restored
 * after a crash, and cannot change it but by putting another value.
 * Threat: a handler puts a Date. It reads a Date until the process is killed, and a text from then
 * on. Or it pushes to a list that it has read: nothing of that is in the changelog, an aborted
 * Kafka transaction does not undo it, and the successor decides otherwise about the same input. So
 * what JSON would change is refused, and what is kept is frozen, all the way down.
 * Or a match of a regular expression, which is a list with fields that JSON leaves out; or -0.
 * Not promised: that a field which is undefined is there again; read, it is undefined either way.
 * Nor that an object without a prototype has none again, or that one object in two places is one.
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
  if (typeof value === 'number') return faultOfNumber(value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null;
  if (typeof value !== 'object') return `a ${typeof value}`;
  if (depth === 0) return `more than ${DEEPEST} levels, or itself`;
  if (!isPlain(value)) return `a ${kindOf(value)}`;
  Object.freeze(value);
  return Array.isArray(value) ? freezeItems(value, depth) : freezeFields(value, depth);
}

function faultOfNumber(value: number): string | null {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? null : String(value);
}

/** Whether JSON.parse could have made it. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value)) return prototype === Array.prototype;
  return prototype === Object.prototype || prototype === null;
}

const kindOf = (value: { constructor?: { name?: unknown } }): string =>
  String(value.constructor?.name ?? 'thing without a class');

function freezeItems(list: readonly unknown[], depth: number): string | null {
  for (const item of list) {
    const fault = freeze(item, depth - 1);
    if (fault !== null) return fault;
  }
  const keys = Reflect.ownKeys(list);
  // Behind its items and its length JSON writes nothing of a list.
  return keys.length === list.length + 1 ? null : `a list with a field, ${String(keys.at(-1))}`;
}

function freezeFields(value: object, depth: number): string | null {
  for (const key of Reflect.ownKeys(value)) {
    const field = Object.getOwnPropertyDescriptor(value, key);
    if (typeof key === 'symbol' || !field?.enumerable) return `a hidden field, ${String(key)}`;
    if (field.get) return `a computed field, ${key}`;
    if (field.value === undefined) continue;
    const fault = freeze(field.value, depth - 1);
    if (fault !== null) return fault;
  }
  return null;
}
