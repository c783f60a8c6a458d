import { createHash } from 'node:crypto';
import type { LedgerDatabase } from './evidence/rows.js';
import type { Checkpoint } from './evidence/recordings.js';

/** What the next audit will hold the ledger against. */
export function checkpointOf({ entries }: LedgerDatabase, takenAt: string): Checkpoint {
  const hashes = entries.map(({ transactionId, entry }) => [transactionId, hashOf(entry)]);
  return { takenAt, entries: Object.fromEntries(hashes) as Record<string, string> };
}

export function hashOf(entry: string): string {
  return createHash('sha256').update(entry).digest('base64url');
}
