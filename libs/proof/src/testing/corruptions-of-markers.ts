import { changelogs } from '@checkout/events';
import type { Draft } from './draft.js';
import { corruption, logsOf, type Corruption } from './planting.js';

type Log = Draft['kafka']['logs'][number];

const PRODUCER = { producerId: 77n, transactional: true };
const LATE = Date.UTC(2026, 6, 1);

/** On a changelog, which nobody reads but the stage that wrote it. */
function changelog(draft: Draft): Log {
  const [log] = logsOf(draft, changelogs.booked.name);
  if (!log) throw new Error('there is no such changelog');
  return log;
}

function append(log: Log, epoch: number): void {
  const { topic, partition } = log;
  const record = { topic, partition, ...PRODUCER, epoch, timestamp: LATE };
  log.records.push({ ...record, offset: log.end++, key: 'k', value: '{}', headers: {} });
}

function mark(log: Log, epoch: number, ending: 'commit' | 'abort'): void {
  const { producerId } = PRODUCER;
  log.markers.push({ producerId, epoch, ending, timestamp: LATE, offset: log.end++ });
  log.lastStable = log.end;
}

/** Which marker ends which records. */
export const corruptionsOfMarkers: readonly Corruption[] = [
  ...(['commit', 'abort'] as const).map((ending) =>
    corruption('A11', `a record is followed by a ${ending} of an older epoch alone`, (draft) => {
      const log = changelog(draft);
      append(log, 1);
      mark(log, 0, ending);
    }),
  ),
  corruption('A35', 'a producer that was replaced has ended what its successor wrote', (draft) => {
    const log = changelog(draft);
    append(log, 1);
    mark(log, 0, 'commit');
    mark(log, 1, 'commit');
  }),
];
