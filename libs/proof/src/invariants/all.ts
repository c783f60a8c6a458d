import type { Invariant } from '../invariant.js';
import { a04 } from './a04-one-database-transaction.js';
import { a05 } from './a05-outbox-and-topic.js';
import { a06 } from './a06-one-partition-per-key.js';
import { a07 } from './a07-no-aborted-read.js';
import { a11 } from './a11-nothing-open.js';
import { a12 } from './a12-one-offset-one-value.js';
import { a15 } from './a15-charged-once.js';
import { a16 } from './a16-paid-is-charged.js';
import { a22 } from './a22-balanced.js';
import { a24 } from './a24-once-by-effect.js';
import { a28 } from './a28-legal-histories.js';

/** From the cause to the symptom: an order is held against the first one that names it. */
export const inCausalOrder: readonly Invariant[] = [
  a11,
  a07,
  a12,
  a06,
  a04,
  a05,
  a15,
  a16,
  a22,
  a24,
  a28,
];
