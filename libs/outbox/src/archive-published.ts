import { setTimeout as pause } from 'node:timers/promises';
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
 * Threat: change data capture reads a commit from the log when it is flushed, which is an instant
 * before its rows become visible to others; under load the record comes back within that instant
 * and finds no row. So an id without a row is looked for again when every database transaction has
 * ended that was running at the first look: the row's own was one of them.
 * Not promised: anything about ids of other databases (the canary topic has two producers), which
 * are passed over.
 */
export function archivePublished(
  dataSource: DataSource,
): (batch: readonly Delivery<unknown>[]) => Promise<void> {
  return async (batch) => {
    const seen = firstSightings(batch);
    if (seen.length === 0) return;
    const first = await move(dataSource, seen);
    if (first.missing === 0) return;
    await allEndedUpTo(dataSource, first.xid);
    await move(dataSource, seen);
  };
}

interface Moved {
  /** Ids that are neither in the outbox nor in the archive, as far as can be seen. */
  readonly missing: number;
  /** Of this move's own database transaction: whatever began to write before it has a lower one. */
  readonly xid: string;
}

async function move(dataSource: DataSource, seen: readonly Sighting[]): Promise<Moved> {
  const [moved] = await dataSource.query<[Moved]>(MOVE, [
    seen.map(({ key }) => key),
    seen.map(({ topic }) => topic),
    seen.map(({ partition }) => partition),
    seen.map(({ offset }) => offset.toString()),
  ]);
  return moved;
}

/** Writers are short; an idle look costs next to nothing. */
const LOOK_EVERY_MS = 5;

async function allEndedUpTo(dataSource: DataSource, xid: string): Promise<void> {
  for (;;) {
    const [state] = await dataSource.query<[{ ended: boolean }]>(
      'SELECT pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8 AS ended',
      [xid],
    );
    if (state.ended) return;
    await pause(LOOK_EVERY_MS);
  }
}

const MOVE = `
  WITH seen AS (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::bigint[])
      AS s (id, topic, partition, "offset")
  ), moved AS (
    DELETE FROM outbox o USING seen WHERE o.id = seen.id
    RETURNING o.*, seen.topic, seen.partition AS seen_partition, seen."offset"
  ), archived AS (
    INSERT INTO outbox_archive (id, aggregatetype, aggregateid, type, schema_version, causation_id,
      traceparent, partition, payload, occurred_at, created_at, xid,
      published_topic, published_partition, published_offset)
    SELECT id, aggregatetype, aggregateid, type, schema_version, causation_id,
      traceparent, partition, payload, occurred_at, created_at, xid,
      topic, seen_partition, "offset"
    FROM moved RETURNING id
  )
  SELECT count(*)::integer AS missing, pg_current_xact_id()::text AS xid FROM seen
  WHERE id NOT IN (SELECT id FROM archived)
    AND NOT EXISTS (SELECT FROM outbox_archive a WHERE a.id = seen.id)`;

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
