import type { Invariant } from '../invariant.js';
import { a01 } from './a01-acknowledged-is-stored.js';
import { a02 } from './a02-refused-is-absent.js';
import { a03 } from './a03-unknown-is-all-or-nothing.js';
import { a04 } from './a04-one-database-transaction.js';
import { a05 } from './a05-outbox-and-topic.js';
import { a06 } from './a06-one-partition-per-key.js';
import { a07 } from './a07-no-aborted-read.js';
import { a08 } from './a08-nothing-skipped.js';
import { a09 } from './a09-no-jump.js';
import { a10 } from './a10-one-in-one-out.js';
import { a11 } from './a11-nothing-open.js';
import { a12 } from './a12-one-offset-one-value.js';
import { a13 } from './a13-stock.js';
import { a14 } from './a14-one-verdict.js';
import { a15 } from './a15-charged-once.js';
import { a16 } from './a16-paid-is-charged.js';
import { a17 } from './a17-no-orphans.js';
import { a18 } from './a18-keys.js';
import { a19 } from './a19-attempts.js';
import { a20 } from './a20-unknown-is-resolved.js';
import { a21 } from './a21-refunds.js';
import { a22 } from './a22-balanced.js';
import { a23 } from './a23-complete-books.js';
import { a24 } from './a24-once-by-effect.js';
import { a25 } from './a25-immutable.js';
import { a26 } from './a26-compaction-proof.js';
import { a27 } from './a27-webhooks.js';
import { a28 } from './a28-legal-histories.js';
import { a29 } from './a29-agreement.js';
import { a30 } from './a30-settled.js';
import { a31 } from './a31-conservation.js';
import { a32 } from './a32-price-and-owner.js';
import { a34 } from './a34-traceable.js';
import { a35 } from './a35-fencing.js';
import { a36 } from './a36-inbox-and-effect.js';
import { a37 } from './a37-clock-free.js';

/**
 * From the cause to the symptom: an order is held against the first one that names it. A33, whether
 * all of them have looked at something, is asked last, by the verdict.
 */
export const inCausalOrder: readonly Invariant[] = [
  // Kafka itself.
  ...[a11, a35, a07, a12, a06],
  // The way in: requests, orders, what is told of them.
  ...[a02, a01, a03, a32, a04, a05],
  // The ledger's own integrity.
  ...[a25, a22],
  // What each consumer made of what it read.
  ...[a08, a09, a36, a14, a13],
  // The gateway.
  ...[a18, a19, a20, a21, a15, a17, a16],
  // The books.
  ...[a26, a23, a24],
  // The whole.
  ...[a10, a28, a29, a34, a30, a31],
  ...[a27, a37],
];
