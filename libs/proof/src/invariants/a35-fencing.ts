import type { Case } from '../case.js';
import { placeOf, type PartitionLog } from '../evidence/kafka-log.js';
import type { ConsumeLog } from '../evidence/recordings.js';
import type { CounterExample, Invariant } from '../invariant.js';
import { recordedPart } from './consumed.js';

export const a35: Invariant = {
  id: 'A35',
  says: 'A producer that was replaced has written nothing more that counts.',
  rule:
    'per partition and producer id: the epochs of the markers never fall, and no committed ' +
    'record has an older epoch than something before it; over all partitions of a producer id: ' +
    'nothing is committed in an older epoch more than 1 s after a marker of a younger one, by ' +
    'the clocks of the brokers; where the services recorded what they read, no input was ' +
    'committed twice',
  judge(observed) {
    const { evidence, log } = observed;
    const { logs } = evidence.kafka;
    const written = logs.reduce((sum, one) => sum + one.records.length + one.markers.length, 0);
    const inputs = (evidence.recordings.consumed ?? []).flatMap(committedBy);
    return {
      rows: written + inputs.length,
      ...recordedPart(observed, inputs.length),
      counterExamples: [
        ...logs.flatMap((partition) => epochFaults(partition, log)),
        ...elsewhere(logs),
        ...committedTwice(inputs),
      ],
    };
  },
};

function epochFaults(
  { topic, partition, records, markers }: PartitionLog,
  log: Case['log'],
): CounterExample[] {
  const written = records
    .filter((record) => record.transactional && log.fateOf(record) === 'committed')
    .map(({ offset, producerId, epoch, headers }) => {
      return { offset, producerId, epoch, id: headers['id'], kind: 'record' };
    });
  const ended = markers.map(({ offset, producerId, epoch }) => {
    return { offset, producerId, epoch, id: undefined, kind: 'marker' };
  });
  const newest = new Map<bigint, number>();
  return [...written, ...ended]
    .toSorted((a, b) => a.offset - b.offset)
    .flatMap(({ offset, producerId, epoch, id, kind }) => {
      const before = newest.get(producerId) ?? epoch;
      newest.set(producerId, Math.max(before, epoch));
      if (epoch >= before) return [];
      const what = `a ${kind} of producer ${producerId} has epoch ${epoch} after ${before}`;
      return [{ what, eventId: id, at: placeOf({ topic, partition, offset }) }];
    });
}

/** Markers bear the time of the broker that leads their partition; brokers differ by less. */
const CLOCKS_DIFFER_MS = 1_000;

/**
 * A Kafka transaction has ended on each of its partitions before its producer begins another, and a
 * successor begins when it has ended. So a younger epoch anywhere is the end of the older ones.
 */
function elsewhere(logs: readonly PartitionLog[]): CounterExample[] {
  const all = logs.flatMap(({ topic, partition, markers }) =>
    markers.map((marker) => ({ ...marker, topic, partition })),
  );
  return [...Map.groupBy(all, ({ producerId }) => producerId).values()].flatMap((own) => {
    let newest: { epoch: number; timestamp: number } | undefined;
    return own
      .toSorted((a, b) => a.timestamp - b.timestamp)
      .flatMap((marker) => {
        const { epoch, timestamp, ending, producerId } = marker;
        if (!newest || epoch > newest.epoch) newest = marker;
        const isOlder = epoch < newest.epoch && timestamp - newest.timestamp > CLOCKS_DIFFER_MS;
        if (!isOlder || ending !== 'commit') return [];
        const what = `producer ${producerId} has committed in epoch ${epoch} after ${newest.epoch}`;
        return [{ what, at: placeOf(marker) }];
      });
  });
}

function committedTwice(inputs: ReturnType<typeof committedBy>): CounterExample[] {
  const lives = new Map<string, string>();
  const found: CounterExample[] = [];
  for (const { incarnation, group, place } of inputs) {
    const other = lives.get(`${group} ${placeOf(place)}`);
    if (other !== undefined) {
      const who =
        other === incarnation ? `${other} has twice` : `${other} and ${incarnation} have both`;
      found.push({ what: `${group}: ${who} committed it`, at: placeOf(place) });
    }
    lives.set(`${group} ${placeOf(place)}`, incarnation);
  }
  return found;
}

/** Of an inbox, two lives may have read one record: its mark makes that one effect. */
const TRANSACTIONAL = 'committed';

function committedBy({ incarnation, events }: ConsumeLog) {
  const pending = new Map<string, readonly number[]>();
  return events.flatMap((event) => {
    const { group, topic, partition } = event;
    const name = `${group} ${topic}-${partition}`;
    if (event.kind === 'read') {
      pending.set(
        name,
        event.records.map(({ offset }) => offset),
      );
    }
    if (event.kind !== 'ended') return [];
    const ended = pending.get(name) ?? [];
    pending.delete(name);
    if (event.outcome !== TRANSACTIONAL) return [];
    return ended.map((offset) => ({ incarnation, group, place: { topic, partition, offset } }));
  });
}
