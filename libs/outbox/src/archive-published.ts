import type { Delivery } from '@checkout/eos';
import type { DataSource } from 'typeorm';

/**
 * Moves outbox rows that were seen on their topic to the archive, with the coordinates they were
 * seen at.
 *
 * Guarantee: a row leaves the outbox only after a committed record with its id was read back. What
 * stays in the outbox is what nobody has seen published, so a broken pipeline is visible as rows
 * that grow old.
 * Threat: a relay that deletes what it believes to have sent destroys the evidence of what was
 * lost. Here the witness is a consumer of the topic, not the sender. It may die at any line: the
 * move is one statement, and a repeated delivery finds its row moved already and changes nothing.
 * Of several records with one id the first stays in the archive.
 * Not promised: ids of other databases (the canary topic has two producers) are passed over; so is
 * a record read in the instant between the flush of its row's commit and its visibility, whose row
 * then stays in the outbox.
 */
export function archivePublished(
  dataSource: DataSource,
): (batch: readonly Delivery<unknown>[]) => Promise<void> {
  return async (batch) => {
    const seen = firstSightings(batch);
    if (seen.length === 0) return;
    await dataSource.query(MOVE, [
      seen.map(({ key }) => key),
      seen.map(({ topic }) => topic),
      seen.map(({ partition }) => partition),
      seen.map(({ offset }) => offset.toString()),
    ]);
  };
}

const MOVE = `
  WITH seen AS (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::bigint[])
      AS s (id, topic, partition, "offset")
  ), moved AS (
    DELETE FROM outbox o USING seen WHERE o.id = seen.id
    RETURNING o.*, seen.topic, seen.partition AS seen_partition, seen."offset"
  )
  INSERT INTO outbox_archive (id, aggregatetype, aggregateid, type, schema_version, causation_id,
    traceparent, partition, payload, occurred_at, created_at, xid,
    published_topic, published_partition, published_offset)
  SELECT id, aggregatetype, aggregateid, type, schema_version, causation_id,
    traceparent, partition, payload, occurred_at, created_at, xid,
    topic, seen_partition, "offset"
  FROM moved`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The key of an outbox record is its event id; a record without one was not written by an outbox.
 */
function firstSightings(batch: readonly Delivery<unknown>[]) {
  const byId = new Map<string, Sighting>();
  for (const { record } of batch) {
    const { key, topic, partition, offset } = record;
    if (key === null || !UUID.test(key) || byId.has(key)) continue;
    byId.set(key, { key, topic, partition, offset });
  }
  return [...byId.values()];
}

interface Sighting {
  readonly key: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}
