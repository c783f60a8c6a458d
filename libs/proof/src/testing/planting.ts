import { topics } from '@checkout/events';
import { fatesOf, type Fate } from '../evidence/fates.js';
import { placeOf, type DataRecord } from '../evidence/kafka-log.js';
import type { ReadRecord } from '../evidence/recordings.js';
import { markings } from '../invariants/marks.js';
import type { TopicKey } from '../log-view.js';
import { contentHash } from '../recordings/consume-log.js';
import { subscriptions } from '../registry.js';
import type { Draft, Mutable } from './draft.js';

export type DraftRecord = Mutable<DataRecord>;
type DraftLog = Draft['kafka']['logs'][number];

/** A small change of a clean history. Returns false when this history has nothing to change so. */
export interface Corruption {
  readonly name: string;
  /** The one invariant that must be violated. */
  readonly turnsRed: string;
  /** Seen by what was left as it was: that is named, and not what was changed. */
  readonly isSeenElsewhere?: true;
  plant(draft: Draft): boolean;
}

export function seenElsewhere(one: Corruption): Corruption {
  return { ...one, isSeenElsewhere: true };
}

export function corruption(
  turnsRed: string,
  name: string,
  plant: (draft: Draft) => boolean | void,
): Corruption {
  return { name, turnsRed, plant: (draft) => plant(draft) !== false };
}

export function logsOf(draft: Draft, topic: string): DraftLog[] {
  return draft.kafka.logs.filter((log) => log.topic === topic);
}

function logOf(
  draft: Draft,
  { topic, partition }: Pick<DataRecord, 'topic' | 'partition'>,
): DraftLog {
  const log = logsOf(draft, topic).find((one) => one.partition === partition);
  if (!log) throw new Error(`there is no ${topic}-${partition}`);
  return log;
}

export function recordsThatAre(draft: Draft, fate: Fate, topic: string): DraftRecord[] {
  return logsOf(draft, topic).flatMap((log) => {
    const fates = fatesOf(log);
    return log.records.filter((record) => fates.get(record) === fate);
  });
}

export function committed(draft: Draft, key: TopicKey, type?: string): DraftRecord[] {
  const records = recordsThatAre(draft, 'committed', topics[key].name);
  return type === undefined ? records : records.filter(({ headers }) => headers['type'] === type);
}

export function payloadOf<T>(record: { readonly value: string | null }): T {
  return JSON.parse(record.value ?? 'null') as T;
}

export function orderIdOf(record: { readonly value: string | null }): string {
  return payloadOf<{ orderId: string }>(record).orderId;
}

/** Orders that came to a status. */
export function ordersThatAre(draft: Draft, ...statuses: string[]) {
  return draft.orders.orders.filter(({ status }) => statuses.includes(status));
}

/** Whoever has read it has read it so. */
export function rewrite(draft: Draft, record: DraftRecord, value: string): void {
  record.value = value;
  for (const read of readersOf(draft, record)) read.hash = contentHash(record);
}

/** What lives of services have written down of a record. */
export function readersOf({ recordings }: Draft, record: DraftRecord): Mutable<ReadRecord>[] {
  return (recordings.consumed ?? []).flatMap(({ events }) =>
    events.flatMap((event) => {
      if (event.kind !== 'read' || !isSamePartition(event, record)) return [];
      return event.records.filter(({ offset }) => offset === record.offset);
    }),
  );
}

function isSamePartition(
  one: { topic: string; partition: number },
  other: { topic: string; partition: number },
): boolean {
  return one.topic === other.topic && one.partition === other.partition;
}

/** The record is gone, whoever has read it. */
export function lose(draft: Draft, record: DraftRecord): void {
  const log = logOf(draft, record);
  log.records.splice(log.records.indexOf(record), 1);
}

/** As if it had never been written: nobody has read it, and nobody has archived its row. */
export function hide(draft: Draft, record: DraftRecord): void {
  lose(draft, record);
  for (const { events } of draft.recordings.consumed ?? []) {
    for (const event of events) {
      if (event.kind !== 'read' || !isSamePartition(event, record)) continue;
      event.records = event.records.filter(({ offset }) => offset !== record.offset);
    }
  }
  for (const row of [...draft.orders.outbox, ...draft.payments.outbox]) {
    const { published } = row;
    if (published && placeOf(published) === placeOf(record)) row.published = null;
  }
}

export type NewRecord = Pick<DataRecord, 'topic' | 'partition' | 'key' | 'value' | 'headers'>;

/**
 * Writes one record more, committed by a producer of its own, and lets every group read it as it
 * should: at the end of the log, with its marks.
 */
export function write(draft: Draft, record: NewRecord): DraftRecord {
  const log = logOf(draft, record);
  const written: DraftRecord = {
    ...{ ...record, headers: { ...record.headers }, offset: log.end, producerId: 9_999n, epoch: 0 },
    ...{ transactional: true, timestamp: LATE },
  };
  const { producerId, epoch } = written;
  const marker = {
    offset: log.end + 1,
    producerId,
    epoch,
    ending: 'commit',
    timestamp: LATE,
  } as const;
  log.records.push(written);
  log.markers.push({ ...marker });
  log.end += 2;
  log.lastStable = log.end;
  for (const { topic, group } of subscriptions) {
    if (topic === record.topic) deliver(draft, group, written);
  }
  return written;
}

/** After everything that a history contains. */
export const LATE = Date.UTC(2026, 6, 1);

function deliver(draft: Draft, group: string, record: DraftRecord): void {
  const { topic, partition, offset } = record;
  const known = draft.kafka.groups.find(
    (one) => one.group === group && isSamePartition(one, record),
  );
  if (known) known.committed = offset + 2;
  else draft.kafka.groups.push({ group, topic, partition, committed: offset + 2 });
  const where = { group, topic, partition };
  const id = record.headers['id'] ?? null;
  draft.recordings.consumed?.push({
    incarnation: `${group}-later-${placeOf(record)}`,
    events: [
      { kind: 'took', ...where, position: offset },
      {
        kind: 'read',
        ...where,
        at: LATE + 1,
        records: [{ offset, id, hash: contentHash(record) }],
      },
      { kind: 'ended', ...where, end: offset + 2, outcome: 'processed' },
    ],
  });
  const marking = markings.find((one) => one.group === group);
  if (!marking || id === null) return;
  const type = record.headers['type'];
  if (group === 'payment.charge' && type !== 'OrderApproved' && type !== 'OrderCancelRequested')
    return;
  const { inbox } = draft[marking.database];
  if (!inbox.some((row) => row.group === group && row.eventId === id))
    inbox.push({ group, eventId: id });
}

/** Changes an entry wherever it is written: on the topic, in the table, at the last audit. */
export function rewriteEntry(
  draft: Draft,
  record: DraftRecord,
  change: (entry: DraftEntry) => void,
): void {
  const entry = payloadOf<DraftEntry>(record);
  change(entry);
  const text = JSON.stringify(entry);
  rewrite(draft, record, text);
  const row = draft.ledger.entries.find(({ transactionId }) => transactionId === record.key);
  if (row) row.entry = text;
  forgetAtLastAudit(draft, record.key);
}

type Operation = NonNullable<Draft['recordings']['history']>[number];

/** A client has written down that it sends something. */
export function aboutToSend(
  { recordings }: Draft,
  request: Pick<Operation, 'op' | 'customerId' | 'key' | 'bodyHash'>,
): void {
  recordings.history?.push({ ...request, result: 'sent', orderId: null, responseHash: null });
}

/** Nobody has looked at the order. */
export function overlook({ recordings }: Draft, orderId: string | null | undefined): void {
  recordings.reads = recordings.reads?.filter((read) => read.orderId !== orderId) ?? null;
}

interface Asked {
  readonly orderId: string | null;
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly key: string | null;
}

/** A request more that the gateway has noted, and answered well: its id. */
export function asked(draft: Draft, { orderId, method = 'POST', path, key }: Asked): string {
  const { requests } = draft.gateway.books;
  const id = `req_planted${requests.length}`;
  const answer = { parametersHash: '', status: 200, created: LATE };
  requests.push({ id, method, path, orderId, key, ...answer });
  return id;
}

export interface DraftEntry {
  transactionId: string;
  orderId: string;
  kind: string;
  currency: string;
  legs: { account: string; direction: string; amount: string }[];
  gatewayReference: string;
  occurredAt: string;
}

export function forgetAtLastAudit({ recordings }: Draft, transactionId: string | null): void {
  if (recordings.checkpoint && transactionId) delete recordings.checkpoint.entries[transactionId];
}

/** Entries of orders with a status, as their records. */
export function entriesOf(draft: Draft, kind: string): DraftRecord[] {
  return committed(draft, 'ledger').filter((record) => payloadOf<DraftEntry>(record).kind === kind);
}

/** The newest committed value of a key on a changelog. */
export function newest(draft: Draft, changelog: string, key: string): DraftRecord | undefined {
  return recordsThatAre(draft, 'committed', changelog).findLast((record) => record.key === key);
}
