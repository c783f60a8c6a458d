import { topics } from '@checkout/events';
import type { Case } from '../case.js';
import { placeOf, type Coordinate, type DataRecord } from '../evidence/kafka-log.js';
import type { CounterExample, Invariant } from '../invariant.js';
import type { TopicKey } from '../log-view.js';
import { topicKeys } from '../registry.js';
import { markings, type Marking } from './marks.js';
import { parkedCopies } from './parked.js';

export const a30: Invariant = {
  id: 'A30',
  says:
    'Every order is final, its payment has ended, and nothing was parked but what was broken ' +
    'on purpose.',
  rule:
    'orders.status is one of rejected, payment_failed, cancelled, booked, refunded; every ' +
    'payment has ended, or waits for nothing (VOIDED); the records ' +
    'on dead-letter topics and in the tables parked = the planted ones, each once for each ' +
    'group that cannot read it, with a cause; what order.status and payment.charge have read ' +
    'past and cannot read they have parked, each for itself (of the stages A10 says so)',
  everyOrder: true,
  judge(observed) {
    const { orders } = observed.evidence.orders;
    const parked = allParked(observed);
    return {
      rows: orders.length + parked.length,
      counterExamples: [
        ...orders
          .filter(({ status }) => !FINAL.includes(status))
          .map(({ id, status }) => ({ what: `is not final: ${status}`, orderId: id })),
        ...observed.evidence.payments.payments.flatMap(({ orderId, state }) => {
          if (ENDED.includes(state)) return [];
          return [{ what: `its payment has not ended: ${state}`, orderId }];
        }),
        ...parkedFaults(observed, parked),
        ...markings.flatMap((marking) => droppedBy(observed, marking)),
      ],
    };
  },
};

const ENDED = ['PAID', 'DECLINED', 'CANCELLED', 'REFUNDED', 'VOIDED', 'QUARANTINED'];
const FINAL = ['rejected', 'payment_failed', 'cancelled', 'booked', 'refunded'];

interface Parked {
  readonly group: string;
  readonly at: string;
  readonly reason: string;
}

function allParked({ evidence, log }: Case): Parked[] {
  const copies = topicKeys.flatMap((key: TopicKey) =>
    topics[key].consumers.flatMap((group) =>
      parkedCopies(log, key, group).map(({ original, reason }) => {
        return { group, at: placeOf(original), reason };
      }),
    ),
  );
  const rows = [...evidence.orders.parked, ...evidence.payments.parked].map((row) => {
    return { group: row.group, at: placeOf(row), reason: row.reason };
  });
  return [...copies, ...rows];
}

function parkedFaults({ evidence }: Case, parked: readonly Parked[]): CounterExample[] {
  const planted = new Set(evidence.recordings.planted.map(placeOf));
  const byPlace = Map.groupBy(parked, ({ group, at }) => `${group} ${at}`);
  const found = new Set(parked.map(({ at }) => at));
  return [
    ...[...byPlace.values()].flatMap(([first, ...again]) => {
      if (!first) return [];
      const { group, at, reason } = first;
      if (!planted.has(at)) return [{ what: `${group} has parked it: ${reason}`, at }];
      if (again.length > 0)
        return [{ what: `${group} has parked it ${again.length + 1} times`, at }];
      return reason === '' ? [{ what: `${group} has parked it without a cause`, at }] : [];
    }),
    ...[...planted]
      .filter((at) => !found.has(at))
      .map((at) => ({ what: 'was broken on purpose, and nobody has parked it', at })),
  ];
}

function droppedBy({ evidence, log }: Case, marking: Marking): CounterExample[] {
  const { group, database, passesOver } = marking;
  const own = evidence[database].parked.filter((row) => row.group === group);
  const parked = new Set(own.map(placeOf));
  const isRead = hasRead(evidence, group);
  return marking.topics
    .flatMap((key) => {
      // What strikes out a row of a compacted topic is nothing to read.
      const isStruckOut = ({ value }: DataRecord) =>
        value === null && topics[key].cleanup === 'compact';
      return log.unreadable(key).filter(({ record }) => !isStruckOut(record));
    })
    .filter(({ record }) => {
      const isPassedOver = passesOver.includes(record.headers['type'] ?? '');
      return !isPassedOver && isRead(record) && !parked.has(placeOf(record));
    })
    .map(({ record, why }) => ({
      what: `${group} cannot read it (${why}) and has not parked it`,
      at: placeOf(record),
    }));
}

function hasRead({ kafka }: Case['evidence'], group: string): (place: Coordinate) => boolean {
  const own = kafka.groups.filter((one) => one.group === group);
  const ends = new Map(own.map((one) => [`${one.topic}-${one.partition}`, one.committed]));
  return ({ topic, partition, offset }) => offset < (ends.get(`${topic}-${partition}`) ?? 0);
}
