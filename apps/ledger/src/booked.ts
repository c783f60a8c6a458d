import { createHash } from 'node:crypto';
import { store } from '@checkout/eos';
import { changelogs, topics } from '@checkout/events';
import type { Entry } from './double-entry.js';

/**
 * What has been booked: transaction id to a hash of the entry, for ever. A repeat may come after
 * any time, and the ledger topic keeps one record per id only, so this is what tells a repeat from
 * a second charge.
 */
export const booked = store<Booked>({
  name: 'booked',
  changelog: changelogs.booked.name,
  fedBy: topics.outboxPayment.name,
});

export interface Booked {
  /** SHA-256 of the entry's bytes: equal is what readers of the topic would call equal. */
  readonly sha256: string;
}

export function fingerprint(entry: Entry): Booked {
  return { sha256: createHash('sha256').update(JSON.stringify(entry)).digest('base64url') };
}
