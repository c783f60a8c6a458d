import { topics } from '@checkout/events';
import { placeOf } from '../evidence/kafka-log.js';
import type { Invariant } from '../invariant.js';
import { parseEntry, totalOf, unitsOf, type Entry } from './entry.js';

export const a22: Invariant = {
  id: 'A22',
  says: 'In every ledger entry the debits equal the credits.',
  rule:
    'each row of ledger_entries and each committed record of ledger: at least two legs, amounts ' +
    'are whole numbers above zero, Σ debits = Σ credits',
  atEveryMoment: true,
  judge({ evidence, log }) {
    const rows = evidence.ledger.entries.map(({ transactionId, entry }) => {
      return { text: entry, where: `row ${transactionId}`, at: undefined };
    });
    const records = log
      .committed(topics.ledger.name)
      .flatMap((record) =>
        record.value === null
          ? []
          : [{ text: record.value, where: 'the record', at: placeOf(record) }],
      );
    const all = [...rows, ...records];
    return {
      rows: all.length,
      counterExamples: all.flatMap(({ text, where, at }) => {
        const entry = parseEntry(text);
        const what = entry ? fault(entry) : 'is no entry';
        if (what === undefined) return [];
        return [{ what: `${where} ${what}`, orderId: entry?.orderId, at }];
      }),
    };
  },
};

function fault({ legs }: Entry): string | undefined {
  if (legs.length < 2) return `has ${legs.length} legs`;
  const bad = legs.find((leg) => unitsOf(leg) === 0n);
  if (bad) return `has a leg of "${bad.amount}" on ${bad.account}`;
  const [debits, credits] = [totalOf(legs, 'debit'), totalOf(legs, 'credit')];
  return debits === credits ? undefined : `has debits of ${debits} and credits of ${credits}`;
}
