import { changelogs, topics } from '@checkout/events';
import { subscriptions } from '../registry.js';
import type { Draft } from './draft.js';
import {
  committed,
  corruption,
  seenElsewhere,
  hide,
  logsOf,
  lose,
  orderIdOf,
  ordersThatAre,
  recordsThatAre,
  write,
  type Corruption,
} from './planting.js';
import { readOf } from './simulated-consumers.js';

type Life = NonNullable<Draft['recordings']['consumed']>[number];
type ReadEvent = Extract<Life['events'][number], { kind: 'read' }>;

/** Every place that was read, in the order of one life’s reading. */
function reads(draft: Draft): { life: Life; event: ReadEvent }[] {
  return (draft.recordings.consumed ?? []).flatMap((life) =>
    life.events.flatMap((event) => (event.kind === 'read' ? [{ life, event }] : [])),
  );
}

function readWith(draft: Draft, records: number): { life: Life; event: ReadEvent } | undefined {
  return reads(draft).find(({ event }) => event.records.length >= records);
}

/** What Kafka itself says: markers, epochs, offsets. */
const logs: readonly Corruption[] = [
  corruption('A11', 'a Kafka transaction is open', (draft) => {
    const log = logsOf(draft, topics.checks.name)[0];
    if (!log) return false;
    const [place, marks] = [{ topic: log.topic, partition: log.partition }, { headers: {} }];
    const producer = { producerId: 77n, epoch: 0, transactional: true, timestamp: 0 };
    log.records.push({ ...place, ...marks, ...producer, offset: log.end, key: 'k', value: '{}' });
    log.lastStable = log.end;
    log.end += 1;
  }),
  corruption('A11', 'readers are held back', (draft) => {
    const log = logsOf(draft, topics.ordersApproved.name).find(({ end }) => end > 0);
    if (!log) return false;
    log.lastStable -= 1;
  }),
  corruption('A11', 'a coordinator has not settled a Kafka transaction', (draft) => {
    const about = { transactionalId: 'ledger.book.outbox.payment.0', producerId: 3n };
    draft.kafka.open.push({ ...about, state: 'PrepareCommit', topic: null, partition: null });
  }),
  corruption('A11', 'a group has not read to the end', (draft) => {
    const [record] = committed(draft, 'ordersApproved');
    const group = draft.kafka.groups.find(
      (one) =>
        one.group === 'order.status' &&
        one.topic === record?.topic &&
        one.partition === record.partition,
    );
    if (!record || !group) return false;
    group.committed = record.offset;
  }),
  corruption('A11', 'a group has committed an offset that is not there yet', (draft) => {
    const [group] = draft.kafka.groups;
    if (!group) return false;
    group.committed = 999_999;
  }),
  corruption('A11', 'a marker is missing', (draft) => {
    const log = logsOf(draft, changelogs.velocity.name).find(({ markers }) => markers.length > 0);
    if (!log) return false;
    log.markers.pop();
  }),
  seenElsewhere(
    corruption('A35', 'a producer that was replaced has committed', (draft) => {
      const log = draft.kafka.logs.find(({ markers }) => {
        const [first, second] = markers.filter(({ ending }) => ending === 'commit');
        return first && second && first.producerId === second.producerId;
      });
      const first = log?.markers.find(({ ending }) => ending === 'commit');
      if (!log || !first) return false;
      const own = [...log.records, ...log.markers].filter(
        (one) => one.producerId === first.producerId && one.offset <= first.offset,
      );
      for (const one of own) one.epoch += 5;
    }),
  ),
  corruption('A35', 'two lives have committed one input', (draft) => {
    const life = (draft.recordings.consumed ?? []).find(({ events }) =>
      events.some((event) => event.kind === 'ended' && event.outcome === 'committed'),
    );
    if (!life) return false;
    const at = life.events.findIndex((one) => one.kind === 'ended' && one.outcome === 'committed');
    const [read, ended] = [life.events[at - 1], life.events[at]];
    if (read?.kind !== 'read' || !ended) return false;
    const { group, topic, partition } = read;
    const took = { kind: 'took', group, topic, partition, position: null } as const;
    const events = structuredClone([took, read, ended]);
    draft.recordings.consumed?.push({ incarnation: 'zombie', events });
  }),
  corruption('A06', 'a record lies on another partition than its key’s', (draft) => {
    const [order] = ordersThatAre(draft, 'booked');
    const record = committed(draft, 'checks', 'OrderOpened').find(
      (one) => orderIdOf(one) === order?.id,
    );
    if (!record) return false;
    hide(draft, record);
    write(draft, { ...record, partition: (record.partition + 1) % topics.checks.partitions });
  }),
];

/** Who has read what. */
const readers: readonly Corruption[] = [
  corruption('A07', 'an aborted record was counted', (draft) => {
    const aborted = recordsThatAre(draft, 'aborted', topics.ordersApproved.name);
    const pair = draft.orders.facts.flatMap((fact) => {
      const copy = aborted.find(({ headers }) => headers['id'] === fact.eventId);
      return copy ? [{ fact, copy }] : [];
    })[0];
    if (!pair) return false;
    pair.fact.offset = pair.copy.offset;
  }),
  corruption('A07', 'a service has read an aborted record', (draft) => {
    const [found] = subscriptions.flatMap(({ topic, group }) =>
      recordsThatAre(draft, 'aborted', topic).map((record) => ({ group, record })),
    );
    if (!found) return false;
    const { topic, partition } = found.record;
    const where = { group: found.group, topic, partition };
    const at = found.record.timestamp + 60_000;
    draft.recordings.consumed?.push({
      incarnation: 'without the filter',
      events: [{ kind: 'read', ...where, at, records: [readOf(found.record)] }],
    });
  }),
  corruption('A07', 'a record was read before its commit', (draft) => {
    const [read] = reads(draft);
    if (!read) return false;
    read.event.at = 0;
  }),
  corruption('A12', 'two saw two events at one offset', (draft) => {
    const [fact] = draft.orders.facts;
    if (!fact) return false;
    fact.eventId = '018f0000-0000-5000-8000-00000000dead';
  }),
  corruption('A12', 'a fact of an order names a place where nothing lies', (draft) => {
    const [fact] = draft.orders.facts;
    if (!fact) return false;
    fact.offset = 999_999;
  }),
  corruption('A12', 'the archive names the place of a marker', (draft) => {
    const row = draft.orders.outbox.find(({ type }) => type === 'OrderPlaced');
    const log = draft.kafka.logs.find(
      ({ topic, partition }) =>
        topic === row?.published?.topic && partition === row.published.partition,
    );
    const marker = log?.markers.at(-1);
    if (!row?.published || !marker) return false;
    row.published.offset = marker.offset;
  }),
  corruption('A12', 'the shop’s number comes from a place where nothing lies', (draft) => {
    const [level] = draft.orders.levels;
    if (!level) return false;
    level.offset = 999_999;
  }),
  corruption('A12', 'a record that was read is there no more', (draft) => {
    const [check] = committed(draft, 'ordersApproved');
    const fact = draft.orders.facts.find(({ eventId }) => eventId === check?.headers['id']);
    if (!check || fact?.offset !== check.offset) return false;
    lose(draft, check);
  }),
  corruption('A12', 'a service has read behind the end of the log', (draft) => {
    const found = readWith(draft, 1);
    if (!found) return false;
    const { group, topic, partition, at } = found.event;
    const where = { group, topic, partition };
    const records = [{ offset: 999_999, id: null, hash: 'of nothing' }];
    draft.recordings.consumed?.push({
      incarnation: 'ahead of its time',
      events: [
        { kind: 'took', ...where, position: 999_999 },
        { kind: 'read', ...where, at, records },
      ],
    });
  }),
  corruption('A12', 'a service has finished more than there is', (draft) => {
    const [life] = draft.recordings.consumed ?? [];
    const ended = life?.events.find((event) => event.kind === 'ended');
    if (ended?.kind !== 'ended') return false;
    ended.end = 999_999;
  }),
  corruption('A12', 'a service has read other bytes than lie there', (draft) => {
    const read = readWith(draft, 1)?.event.records[0];
    if (!read) return false;
    read.hash = 'of other bytes';
  }),
  corruption('A08', 'a record was passed over by an inbox', (draft) => {
    const row = draft.orders.inbox.find(({ eventId }) =>
      committed(draft, 'ordersApproved').some(({ headers }) => headers['id'] === eventId),
    );
    if (!row) return false;
    draft.orders.inbox.splice(draft.orders.inbox.indexOf(row), 1);
  }),
  corruption('A08', 'a published row still waits in the outbox', (draft) => {
    const row = draft.orders.outbox.find(({ type }) => type === 'OrderPlaced');
    if (!row) return false;
    row.published = null;
  }),
  corruption('A08', 'a record was never read', (draft) => {
    const last = (draft.recordings.consumed ?? []).flatMap((life) => {
      const event = life.events.findLast((one) => one.kind === 'read');
      return event?.kind === 'read' && event.records.length >= 2 ? [event] : [];
    });
    const event = last.find((one) => {
      const place = one.records.at(-1)?.offset;
      return readsOf(draft, one).filter(({ records }) => isIn(records, place)).length === 1;
    });
    if (!event) return false;
    event.records.pop();
  }),
  corruption('A09', 'a service has jumped over a record and come back for it', (draft) => {
    const found = readWith(draft, 3);
    const skipped = found?.event.records.splice(1, 1)[0];
    if (!found || !skipped) return false;
    const { group, topic, partition, at } = found.event;
    const where = { group, topic, partition };
    draft.recordings.consumed?.push({
      incarnation: 'later',
      events: [
        { kind: 'took', ...where, position: skipped.offset },
        { kind: 'read', ...where, at, records: [skipped] },
      ],
    });
  }),
  corruption('A09', 'a service has gone back', (draft) => {
    const found = readWith(draft, 2);
    if (!found) return false;
    found.event.records.reverse();
  }),
  corruption('A36', 'an event has its mark and not its effect', (draft) => {
    const [order] = ordersThatAre(draft, 'booked');
    const fact = draft.orders.facts.find((one) => one.orderId === order?.id);
    if (!fact) return false;
    draft.orders.facts.splice(draft.orders.facts.indexOf(fact), 1);
  }),
  corruption('A36', 'an event has two marks', (draft) => {
    const [row] = draft.orders.inbox;
    if (!row) return false;
    draft.orders.inbox.push({ ...row });
  }),
  corruption('A36', 'a payment names the approval as the wish to cancel it', (draft) => {
    const payment = draft.payments.payments.find((one) => one.cancelEventId && one.approvedEventId);
    if (!payment) return false;
    payment.cancelEventId = payment.approvedEventId;
  }),
  corruption('A30', 'a record is parked that nobody has broken', (draft) => {
    const [record] = committed(draft, 'inventoryLevels');
    if (!record) return false;
    const { topic, partition, offset, headers } = record;
    const row = { group: 'order.status', eventId: headers['id'] ?? '', topic, partition, offset };
    draft.orders.parked.push({ ...row, reason: 'it does not fit' });
  }),
  corruption('A30', 'a record was broken on purpose, and nobody has parked it', (draft) => {
    const [record] = committed(draft, 'ordersApproved');
    if (!record) return false;
    const { topic, partition, offset } = record;
    draft.recordings.planted.push({ topic, partition, offset });
  }),
];

function readsOf(draft: Draft, { group, topic, partition }: ReadEvent): ReadEvent[] {
  return reads(draft)
    .map(({ event }) => event)
    .filter((one) => one.group === group && one.topic === topic && one.partition === partition);
}

function isIn(records: ReadEvent['records'], offset: number | undefined): boolean {
  return records.some((one) => one.offset === offset);
}

export const corruptionsOfKafka: readonly Corruption[] = [...logs, ...readers];
