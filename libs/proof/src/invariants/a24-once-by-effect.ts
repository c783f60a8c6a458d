import { topics } from '@checkout/events';
import { placeOf, type DataRecord } from '../evidence/kafka-log.js';
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
      evidence.ledger.entries.map(({ transactionId, entry }) => [transactionId, entry]),
    );
    const byKey = Map.groupBy(records, ({ key }) => key ?? '');
    const onlyInTable = [...rows].filter(([transactionId]) => !byKey.has(transactionId));
    return {
      rows: records.length + rows.size,
      counterExamples: [
        ...[...byKey].flatMap(([transactionId, own]) => {
          const orderId = parseEntry(own[0]?.value ?? '')?.orderId;
          return faults(own, rows.get(transactionId)).map((fault) => ({
            ...fault,
            orderId,
            eventId: transactionId,
          }));
        }),
        ...onlyInTable.map(([transactionId, entry]) => ({
          what: 'is in the table and not on the topic',
          orderId: parseEntry(entry)?.orderId,
          eventId: transactionId,
        })),
      ],
    };
  },
};

/** Of one transaction id. */
function faults(records: readonly DataRecord[], row: string | undefined): CounterExample[] {
  const first = records[0]?.value;
  const changed = records.filter(({ value }) => value !== null && value !== first);
  const table = tableFault(first, row);
  return [
    ...changed.map((record) => ({
      what: 'is written again with other content',
      at: placeOf(record),
    })),
    ...(table === undefined ? [] : [{ what: table }]),
  ];
}

function tableFault(first: string | null | undefined, row: string | undefined): string | undefined {
  if (row === undefined) return 'is on the topic and not in the table';
  return row === first ? undefined : 'the row is not what the topic says';
}
