import { Payments1700000000001 } from './migrations/0001-payments.js';
import { Cancellation1700000000002 } from './migrations/0002-cancellation.js';
import { Repeats1700000000003 } from './migrations/0003-repeats.js';
import { Webhooks1700000000004 } from './migrations/0004-webhooks.js';

/** In order; each runs once for a database. */
export const migrations = [
  Payments1700000000001,
  Cancellation1700000000002,
  Repeats1700000000003,
  Webhooks1700000000004,
];
