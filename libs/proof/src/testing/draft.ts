import type { Evidence } from '../evidence/evidence.js';

/** The same, and everything in it may be changed. */
export type Mutable<T> = T extends bigint | string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer One)[]
    ? Mutable<One>[]
    : { -readonly [K in keyof T]: Mutable<T[K]> };

export type Draft = Mutable<Evidence>;

export function draftOf(evidence: Evidence): Draft {
  return structuredClone(evidence) as Draft;
}
