import { placeOf } from '../evidence/kafka-log.js';
import type { Invariant } from '../invariant.js';
import { lags } from './lags.js';

export const a11: Invariant = {
  id: 'A11',
  says: 'No Kafka transaction is open, and every group has read to the end.',
  rule:
    'last stable offset = high watermark on every partition; no coordinator and no leader knows ' +
    'an unsettled Kafka transaction; no record lacks a marker; no committed record lies at or ' +
    'behind the committed offset of a group that reads its topic; and no group has committed an ' +
    'offset behind the end',
  judge({ evidence, log }) {
    const { logs, groups, open } = evidence.kafka;
    const lagging = lags(evidence.kafka, log);
    const ends = new Map(logs.map((one) => [`${one.topic}-${one.partition}`, one.end]));
    return {
      rows: logs.length + groups.length,
      counterExamples: [
        ...logs
          .filter(({ lastStable, end }) => lastStable !== end)
          .map(({ topic, partition, lastStable, end }) => ({
            what: `readers are held back at ${lastStable}, the log ends at ${end}`,
            at: placeOf({ topic, partition, offset: lastStable }),
          })),
        ...open.map(({ transactionalId, producerId, state, topic, partition }) => ({
          what: `${transactionalId ?? `producer ${producerId}`} has a Kafka transaction ${state}`,
          ...(topic !== null && partition !== null && { at: `${topic}-${partition}` }),
        })),
        ...logs
          .filter(({ lastStable, end }) => lastStable === end)
          .flatMap(({ records }) => records.filter((one) => log.fateOf(one) === 'open'))
          .map((record) => ({ what: 'no marker settles this record', at: placeOf(record) })),
        ...lagging.map(({ group, committed, next }) => ({
          what: `${group} has read to ${committed} only`,
          at: placeOf(next),
        })),
        ...groups.flatMap(({ group, topic, partition, committed }) => {
          const end = ends.get(`${topic}-${partition}`);
          if (end === undefined || committed <= end) return [];
          const what = `${group} has committed ${committed}, the log ends at ${end}`;
          return [{ what, at: `${topic}-${partition}` }];
        }),
      ],
    };
  },
};
