import type { KnownFact } from '@checkout/api';
import type { DataSource } from 'typeorm';

/**
 * What the outbox and its archive know of these events, for a timeline: that each was staged, and
 * where it was seen on its topic.
 */
export async function knownEvents(
  dataSource: DataSource,
  eventIds: readonly string[],
): Promise<KnownFact[]> {
  const rows = await dataSource.query<EventRow[]>(EVENTS, [eventIds]);
  return rows.flatMap((row) => [stagedFact(row), ...publishedFact(row)]);
}

interface EventRow {
  id: string;
  type: string;
  created_at: Date;
  xid: string;
  topic: string | null;
  partition: number | null;
  offset: string | null;
  seen_at: Date | null;
}

const EVENTS = `
  SELECT id, type, created_at, xid::text, NULL AS topic, NULL::integer AS partition,
    NULL::text AS "offset", NULL::timestamptz AS seen_at
  FROM outbox WHERE id = ANY ($1)
  UNION ALL
  SELECT id, type, created_at, xid::text, published_topic, published_partition,
    published_offset::text, archived_at
  FROM outbox_archive WHERE id = ANY ($1)`;

function stagedFact({ id, type, created_at, xid }: EventRow): KnownFact {
  return {
    at: created_at.toISOString(),
    what: 'outbox',
    text: `${type} was put into the outbox, in the database transaction of what it tells.`,
    details: { table: 'outbox', eventId: id, type, databaseTransaction: xid },
  };
}

function publishedFact(row: EventRow): KnownFact[] {
  const { id, type, topic, partition, offset, seen_at } = row;
  if (seen_at === null) return [];
  return [
    {
      at: seen_at.toISOString(),
      what: 'published',
      text: `${type} was seen on ${topic}, and its row moved to the archive.`,
      details: { table: 'outbox_archive', eventId: id, type, topic, partition, offset },
    },
  ];
}
