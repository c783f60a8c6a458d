import type { DataRecord, Marker, PartitionLog } from './kafka-log.js';

/**
 * What became of each record, from the markers alone.
 *
 *   committed  its Kafka transaction was committed, or it was written outside of any
 *   aborted    its Kafka transaction was aborted: nobody may have acted on it
 *   open       no marker has come: nobody may read it yet
 *
 * A marker settles what its producer wrote since the one before. It carries the epoch of the
 * producer, or a younger one when a successor fenced it; one of an older epoch settles nothing.
 */
export type Fate = 'committed' | 'aborted' | 'open';

export function fatesOf({ records, markers }: PartitionLog): Map<DataRecord, Fate> {
  const fates = new Map<DataRecord, Fate>();
  const open = new Map<bigint, DataRecord[]>();
  const pending = markers.values();
  let marker = pending.next();
  for (const record of records) {
    for (; !marker.done && marker.value.offset < record.offset; marker = pending.next()) {
      settle(marker.value, open, fates);
    }
    fates.set(record, record.transactional ? 'open' : 'committed');
    if (!record.transactional) continue;
    const own = open.get(record.producerId);
    if (own) own.push(record);
    else open.set(record.producerId, [record]);
  }
  for (; !marker.done; marker = pending.next()) settle(marker.value, open, fates);
  return fates;
}

function settle(
  { producerId, epoch, ending }: Marker,
  open: Map<bigint, DataRecord[]>,
  fates: Map<DataRecord, Fate>,
): void {
  const written = open.get(producerId) ?? [];
  for (const record of written) {
    if (record.epoch <= epoch) fates.set(record, ending === 'commit' ? 'committed' : 'aborted');
  }
  open.set(
    producerId,
    written.filter((record) => record.epoch > epoch),
  );
}
