import { createHash } from 'node:crypto';
import { emit, park, put, skip, store, type Decision, type State } from '@checkout/eos';
import { changelogs, eventId, topics, writeEvent } from '@checkout/events';
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
  /** Of a charge, in minor units. Rows that are older than refunds do not have it. */
  readonly charged?: string;
  /** Of a charge: how much of it went back, in minor units. */
  readonly returned?: string;
}

/** The event that an entry is made of. */
export interface Cause {
  readonly id: string;
  readonly traceparent: string;
}

/**
 * Writes an entry once: an equal repeat is skipped, other content under a known id is an alarm.
 * Written to the compacted topic it would replace what was booked, and the books would look right.
 */
export function bookOnce(cause: Cause, entry: Entry, { state, note }: Booking): Decision {
  const { transactionId } = entry;
  const sha256 = createHash('sha256').update(JSON.stringify(entry)).digest('base64url');
  const known = state.get(booked, transactionId);
  if (known?.sha256 === sha256) return skip('already booked');
  if (known) return park(`ALARM: ${transactionId} is booked with other content`);

  return [
    put(booked, transactionId, { sha256, ...note }),
    emit(
      writeEvent(topics.ledger, {
        id: eventId(cause.id, 'LedgerEntry'),
        type: 'LedgerEntry',
        key: transactionId,
        causationId: cause.id,
        traceparent: cause.traceparent,
        payload: entry,
      }),
    ),
  ];
}

export interface Booking {
  readonly state: State;
  /** What the row says beside the hash. */
  readonly note?: Omit<Booked, 'sha256'>;
}
