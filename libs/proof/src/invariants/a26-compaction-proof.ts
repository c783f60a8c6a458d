import { topics } from '@checkout/events';
import { hashOf } from '../checkpoint.js';
import type { Invariant } from '../invariant.js';
import { FIRST_AUDIT } from './a25-immutable.js';
import { parseEntry } from './entry.js';

export const a26: Invariant = {
  id: 'A26',
  says: 'Compaction has changed nothing that the ledger’s topic says.',
  rule:
    'the newest committed value of each transaction id on ledger, as of the last audit, is ' +
    'still its newest value; where the table has changed too, A25 says so',
  judge({ evidence, log }) {
    const { checkpoint } = evidence.recordings;
    if (checkpoint === null) return { notObserved: FIRST_AUDIT };
    const newest = new Map(log.committed(topics.ledger.name).map(({ key, value }) => [key, value]));
    const rows = new Map(evidence.ledger.entries.map((row) => [row.transactionId, row.entry]));
    const earlier = Object.entries(checkpoint.entries);
    if (earlier.length === 0) return { notObserved: 'the books were empty at the last audit' };
    return {
      rows: earlier.length,
      counterExamples: earlier.flatMap(([transactionId, hash]) => {
        const [value, row] = [newest.get(transactionId), rows.get(transactionId)];
        if (typeof value === 'string' && hashOf(value) === hash) return [];
        if (row === undefined || hashOf(row) !== hash) return [];
        const what = `the topic says otherwise than on ${checkpoint.takenAt}`;
        return [{ what, orderId: parseEntry(row)?.orderId, eventId: transactionId }];
      }),
    };
  },
};
