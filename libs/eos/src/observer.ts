import type { InputRecord } from './record.js';

/**
 * Told of what is read and what became of it, for whoever judges the system from outside. It
 * changes nothing: a runner does the same with and without one.
 *
 * Guarantee: `read` comes before anything is done about the records, so that a process that dies
 * in between has said what it had in hand; `ended` comes when the outcome is known, and not at all
 * when the process dies before.
 */
export interface Observer {
  /** A partition is taken, or taken anew: from here on its records come one after the other. */
  took(where: Reading, position: bigint | null): void;
  read(where: Reading, records: readonly InputRecord[]): void;
  /** What became of all that was read before `end`. */
  ended(where: Reading, end: bigint, outcome: string): void;
}

export interface Reading {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}
