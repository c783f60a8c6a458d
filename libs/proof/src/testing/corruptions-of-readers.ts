import { readPlaces, recordingSince } from '../invariants/consumed.js';
import { markersOf } from '../invariants/markers-of.js';
import { subscriptions } from '../registry.js';
import type { Draft } from './draft.js';
import {
  committed,
  corruption,
  recordsThatAre,
  type Corruption,
  type DraftRecord,
} from './planting.js';

type Events = NonNullable<Draft['recordings']['consumed']>[number]['events'];

interface Partition {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}

/** As if no life of the group had ever read the first record of a partition. */
function passOverTheFirst(draft: Draft, { group, topic, partition }: Partition): void {
  const own = (one: Events[number]) => {
    return one.group === group && one.topic === topic && one.partition === partition;
  };
  const lives = draft.recordings.consumed ?? [];
  const reads = lives.flatMap(({ events }) =>
    events.filter(own).flatMap((event) => (event.kind === 'read' ? [event] : [])),
  );
  const first = Math.min(...reads.flatMap(({ records }) => records.map(({ offset }) => offset)));
  for (const read of reads) read.records = read.records.filter(({ offset }) => offset !== first);
}

/** The first record that a group has read of a partition of which it has read two or more. */
function firstReadBy(draft: Draft, group: string, isMeant: (first: DraftRecord) => boolean) {
  const read = readPlaces(draft.recordings.consumed ?? []);
  const own = subscriptions.filter((one) => one.group === group);
  return own
    .flatMap(({ topic }) => [
      ...Map.groupBy(recordsThatAre(draft, 'committed', topic), (one) => one.partition).values(),
    ])
    .map((records) => records.filter((record) => read.has(group, record)))
    .flatMap(([first, second]) => (first && second ? [first] : []))
    .find(isMeant);
}

/** Who reads what, from where on, and by whom it was written. */
export const corruptionsOfReaders: readonly Corruption[] = [
  corruption('A08', 'a stage has passed the record that it was to begin with, unread', (draft) => {
    const group = 'enrichment.checks';
    const first = firstReadBy(draft, group, () => true);
    if (!first) return false;
    const { topic, partition } = first;
    const where = { group, topic, partition };
    passOverTheFirst(draft, where);
    const lives = draft.recordings.consumed ?? [];
    for (const event of lives.flatMap(({ events }) => events)) {
      if (event.kind === 'took' && isSame(event, where)) event.position = null;
    }
    const took = { kind: 'took', ...where, position: first.offset } as const;
    lives.unshift({ incarnation: 'died at once', events: [took] });
  }),
  corruption('A08', 'the first record of a partition was passed over by an inbox', (draft) => {
    const group = 'order.archive';
    const since = recordingSince(draft.recordings.consumed ?? []);
    const markerOf = markersOf(draft.kafka);
    const first = firstReadBy(draft, group, (record) => {
      return (markerOf(record)?.timestamp ?? 0) > since + 100;
    });
    if (!first) return false;
    passOverTheFirst(draft, { group, ...first });
  }),
  corruption('A12', 'a record has two ids', (draft) => {
    const [record] = committed(draft, 'ordersApproved');
    if (!record) return false;
    record.repeatedHeaders = ['id'];
  }),
  corruption('A35', 'a producer that was replaced has committed on another partition', (draft) => {
    const all = draft.kafka.logs.flatMap((log) => log.markers.map((marker) => ({ log, marker })));
    const early = all.find(({ log, marker: { producerId, timestamp } }) =>
      all.some(({ log: other, marker }) => {
        const isLater = marker.timestamp > timestamp + 1_000 && marker.ending === 'commit';
        return other !== log && marker.producerId === producerId && isLater;
      }),
    );
    if (!early) return false;
    const { log, marker } = early;
    for (const one of [...log.records, ...log.markers]) {
      if (one.producerId === marker.producerId) one.epoch += 5;
    }
  }),
];

function isSame(one: Partition, other: Partition): boolean {
  const { group, topic, partition } = other;
  return one.group === group && one.topic === topic && one.partition === partition;
}
