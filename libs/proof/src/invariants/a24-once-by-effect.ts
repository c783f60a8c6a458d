import { topics } from '@checkout/events';
import { placeOf } from '../evidence/kafka-log.js';
import type { CounterExample, Invariant } from '../invariant.js';
import { parseEntry } from './entry.js';

export const a24: Invariant = {
  id: 'A24',
  says: 'The ledger’s table is what its topic amounts to, and an entry never changes.',
  rule:
    'committed records of ledger by key: all values of a key are equal byte for byte; keys and ' +
    'values = transaction_id and entry of ledger_entries',
  judge({ evidence, log }) {
    const records = log.committed(topics.ledger.name);
    const rows = new Map(
      evidence.ledger.entries.map((row) => [row.transactionId, row.entry]),
    );
    const byKey = Map.groupBy(records, ({ key }) => key ?? '');
    const found: CounterExample[] = [];
    for (const [transactionId, own] of byKey) {
      const [first, ...others] = own;
      const about = { orderId: parseEntry(first?.value ?? '')?.orderId, eventId: transactionId };
      for (const other of others) {
        if (other.value === null || other.value === first?.value) continue;
        found.push({ what: 'is written again with other content', ...about, at: placeOf(other) });
      }
      const row = rows.get(transactionId);
      if (row === undefined) found.push({ what: 'is on the topic and not in the table', ...about });
      else if (own.every(({ value }) => value !== row)) {
        found.push({ what: 'the row is not what the topic says', ...about });
      }
    }
    for (const [transactionId, entry] of rows) {
      if (byKey.has(transactionId)) continue;
      const orderId = parseEntry(entry)?.orderId;
      found.push({ what: 'is in the table and not on the topic', orderId, eventId: transactionId });
    }
    return { rows: records.length + rows.size, counterExamples: found };
  },
};
