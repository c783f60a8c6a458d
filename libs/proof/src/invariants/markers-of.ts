import type { DataRecord, KafkaEvidence, Marker } from '../evidence/kafka-log.js';

/** The marker that settled a record: the next one of its producer on its partition. */
export function markersOf({ logs }: KafkaEvidence): (record: DataRecord) => Marker | undefined {
  const byProducer = new Map(
    logs.flatMap(({ topic, partition, markers }) =>
      [...Map.groupBy(markers, ({ producerId }) => producerId)].map(
        ([producerId, own]) => [`${topic}-${partition} ${producerId}`, own] as const,
      ),
    ),
  );
  return ({ topic, partition, offset, producerId, transactional }) => {
    if (!transactional) return undefined;
    const own = byProducer.get(`${topic}-${partition} ${producerId}`) ?? [];
    return own[firstAfter(own, offset)];
  };
}

/** Markers lie in order of offset. */
function firstAfter(markers: readonly Marker[], offset: number): number {
  let [from, to] = [0, markers.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((markers[middle]?.offset ?? Infinity) > offset) to = middle;
    else from = middle + 1;
  }
  return from;
}
