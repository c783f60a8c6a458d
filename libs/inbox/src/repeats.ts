import type { EntityManager } from 'typeorm';
import type { Received } from './inbox-processor.js';

/**
 * Where repeats were seen: what was delivered again and changed nothing, by its coordinates.
 *
 * For people who look at one order and ask what came twice. No guarantee leans on it: the mark in
 * the inbox is what makes a repeat a no-op. One row a record, however often that record comes, so
 * that a topic that is read again from its start adds no more rows than it has records.
 */
export const repeatsTable = `
  CREATE TABLE inbox_repeats (
    consumer_group text NOT NULL,
    event_id uuid NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    times integer NOT NULL,
    last_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (event_id, consumer_group, topic, partition, "offset")
  )`;

export async function storeRepeats(
  tx: EntityManager,
  group: string,
  repeats: readonly Pick<Received<{ readonly id: string }>, 'event' | 'record'>[],
): Promise<void> {
  await tx.query(
    `INSERT INTO inbox_repeats AS known
       (consumer_group, event_id, topic, partition, "offset", times)
     SELECT $1, id, topic, partition, "offset", count(*)
     FROM unnest($2::uuid[], $3::text[], $4::integer[], $5::bigint[])
       AS repeat (id, topic, partition, "offset")
     GROUP BY id, topic, partition, "offset" ORDER BY id, topic, partition, "offset"
     ON CONFLICT (event_id, consumer_group, topic, partition, "offset")
     DO UPDATE SET times = known.times + excluded.times, last_at = clock_timestamp()`,
    [
      group,
      repeats.map(({ event }) => event.id),
      repeats.map(({ record }) => record.topic),
      repeats.map(({ record }) => record.partition),
      repeats.map(({ record }) => record.offset.toString()),
    ],
  );
}
