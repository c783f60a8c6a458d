import { topics } from '@checkout/events';
import { hashOf } from '../checkpoint.js';
import { placeOf } from '../evidence/kafka-log.js';
import type { CounterExample, Invariant } from '../invariant.js';
import { parseEntry } from './entry.js';

export const a25: Invariant = {
  id: 'A25',
  says: 'No ledger entry was ever changed or removed.',
  rule:
    'ledger has no committed record without a value; PostgreSQL has counted no update and no ' +
    'delete of ledger_entries, whose two triggers are on; every entry of the last audit is ' +
    'there, unchanged',
  judge({ evidence, log }) {
    const { entries, changed, guards } = evidence.ledger;
    const records = log.committed(topics.ledger.name);
    const { checkpoint } = evidence.recordings;
    const now = new Map(entries.map((row) => [row.transactionId, row.entry]));
    const told = new Map(records.map(({ key, value }) => [key, value]));
    const earlier = Object.entries(checkpoint?.entries ?? {});
    const missing = GUARDS.filter((name) => !guards.includes(name));
    return {
      rows: records.length + entries.length + GUARDS.length + earlier.length,
      ...(checkpoint === null ? { without: FIRST_AUDIT } : { recorded: earlier.length }),
      counterExamples: [
        ...records
          .filter(({ value }) => value === null)
          .map((record) => ({
            what: 'the entry is struck out on the topic',
            eventId: record.key ?? undefined,
            at: placeOf(record),
          })),
        ...(changed > 0 ? [{ what: `${changed} rows of ledger_entries were changed` }] : []),
        ...missing.map((name) => ({ what: `the trigger ${name} of ledger_entries is off` })),
        ...earlier.flatMap(([id, hash]): CounterExample[] => {
          const entry = now.get(id);
          if (entry !== undefined && hashOf(entry) === hash) return [];
          const what = entry === undefined ? 'is gone' : 'has other content';
          const orderId = parseEntry(entry ?? told.get(id) ?? '')?.orderId;
          return [{ what: `the row ${what} since ${checkpoint?.takenAt}`, orderId, eventId: id }];
        }),
      ],
    };
  },
};

export const FIRST_AUDIT = 'this is the first audit of these books';
const GUARDS = ['equal_or_refused', 'never_removed'];
