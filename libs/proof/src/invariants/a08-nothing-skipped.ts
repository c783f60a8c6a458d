import { topics } from '@checkout/events';
import type { Case } from '../case.js';
import { placeOf, type DataRecord } from '../evidence/kafka-log.js';
import type { CounterExample, Invariant } from '../invariant.js';
import type { TopicKey } from '../log-view.js';
import { canRecord, subscriptions } from '../registry.js';
import { readPlaces, recordedPart, recordingSince, undone } from './consumed.js';
import { markersOf } from './markers-of.js';
import { markedBy, markings } from './marks.js';
import { unrecorded } from './unrecorded.js';

export const a08: Invariant = {
  id: 'A08',
  says: 'No record that a group has passed was skipped, and no life’s recordings are missing.',
  rule:
    'for each committed record below the offset that a group has committed: a group with an ' +
    'inbox has its event id there or has parked it, an archiving group has archived it, and, ' +
    'where the services recorded what they read, it was read: from the first that was, or from ' +
    'the position at which a life took the partition, or what was committed later than 0.1 s ' +
    'after any service had read anything; and not all who read it say that they aborted it; ' +
    'and each epoch that has begun to write for a ' +
    'partition later than 0.1 s after that has a reading of the partition, one for each',
  judge(observed) {
    const read = recorded(observed);
    const parts = [inboxes(observed), archives(observed), read];
    return {
      rows: parts.reduce((sum, { rows }) => sum + rows, 0),
      ...recordedPart(observed, read.rows),
      counterExamples: parts.flatMap(({ counterExamples }) => counterExamples),
    };
  },
};

interface Part {
  readonly rows: number;
  readonly counterExamples: readonly CounterExample[];
}

function inboxes({ evidence, log }: Case): Part {
  const passed = passedBy(evidence.kafka.groups);
  const checked = markings.flatMap((marking) => {
    const { inbox, parked } = evidence[marking.database];
    const marks = new Set(inbox.filter((row) => row.group === marking.group).map(eventIdOf));
    const places = new Set(parked.filter((row) => row.group === marking.group).map(placeOf));
    return markedBy(marking, log)
      .filter(({ record }) => passed(marking.group, record))
      .map(({ id, orderId, record }) => ({
        found: marks.has(id) || places.has(placeOf(record)),
        fault: {
          what: `${marking.group} has passed it and has no mark of it`,
          orderId: orderId ?? undefined,
          eventId: id,
          at: placeOf(record),
        },
      }));
  });
  return partOf(checked);
}

const eventIdOf = ({ eventId }: { readonly eventId: string }): string => eventId;

const ARCHIVES = [
  { group: 'order.archive', database: 'orders', topics: ['outboxOrder', 'outboxCatalogue'] },
  { group: 'payment.archive', database: 'payments', topics: ['outboxPayment'] },
] as const satisfies readonly {
  group: string;
  database: 'orders' | 'payments';
  topics: readonly TopicKey[];
}[];

/** A row that is gone from both tables is for A04 and A05 to name. */
function archives({ evidence, log }: Case): Part {
  const passed = passedBy(evidence.kafka.groups);
  const checked = ARCHIVES.flatMap(({ group, database, topics: keys }) => {
    const waiting = new Set(
      evidence[database].outbox.filter(({ published }) => published === null).map(({ id }) => id),
    );
    const records = keys.flatMap((key) => log.committed(topics[key].name));
    return records
      .filter((record) => passed(group, record))
      .map((record) => ({
        found: !waiting.has(record.headers['id'] ?? ''),
        fault: {
          what: `${group} has passed it, and its row still waits in the outbox`,
          eventId: record.headers['id'],
          at: placeOf(record),
        },
      }));
  });
  return partOf(checked);
}

/** The broker's clock says when a record was committed, a service's when it has read something. */
const CLOCKS_DIFFER_MS = 100;

function recorded({ evidence, log }: Case): Part {
  const { consumed } = evidence.recordings;
  if (consumed === null) return { rows: 0, counterExamples: [] };
  const passed = passedBy(evidence.kafka.groups);
  const read = readPlaces(consumed);
  const isUndone = undone(consumed);
  const since = recordingSince(consumed);
  const markerOf = markersOf(evidence.kafka);
  const isDue = (group: string, record: DataRecord): boolean => {
    if (!passed(group, record)) return false;
    if (record.offset >= read.from(group, record)) return true;
    const visibleAt = (markerOf(record) ?? record).timestamp;
    return visibleAt > since + CLOCKS_DIFFER_MS;
  };
  const recording = subscriptions.filter(({ group }) => canRecord(group, log));
  const checked = recording.flatMap(({ topic, group }) =>
    log
      .committed(topic)
      .filter((record) => isDue(group, record))
      .map((record) => ({
        found: read.has(group, record) && !isUndone(group, record),
        fault: {
          what: read.has(group, record)
            ? `${group} has passed it, and whoever has read it says that it was aborted`
            : `${group} has passed it and never read it`,
          eventId: record.headers['id'],
          at: placeOf(record),
        },
      })),
  );
  const lives = unrecorded(evidence);
  const { rows, counterExamples } = partOf(checked);
  return {
    rows: rows + lives.rows,
    counterExamples: [...counterExamples, ...lives.counterExamples],
  };
}

function partOf(checked: readonly { found: boolean; fault: CounterExample }[]): Part {
  const missing = checked.filter(({ found }) => !found);
  return { rows: checked.length, counterExamples: missing.map(({ fault }) => fault) };
}

function passedBy(
  groups: Case['evidence']['kafka']['groups'],
): (group: string, record: DataRecord) => boolean {
  const committed = new Map(
    groups.map((one) => [`${one.group} ${one.topic}-${one.partition}`, one.committed]),
  );
  return (group, { topic, partition, offset }) =>
    offset < (committed.get(`${group} ${topic}-${partition}`) ?? 0);
}
