import type { InboxRow, MessagingRows, OutboxRow, ParkedRow } from '../evidence/rows.js';
import type { Ask } from './snapshot.js';

/** What is waiting and what was seen on its topic: one set of rows. */
const OUTBOX = `
  SELECT id, aggregatetype, aggregateid, type, causation_id, partition, payload, xid::text,
    NULL AS topic, NULL AS at_partition, NULL AS at_offset
  FROM outbox
  UNION ALL
  SELECT id, aggregatetype, aggregateid, type, causation_id, partition, payload, xid::text,
    published_topic, published_partition, published_offset
  FROM outbox_archive`;

interface StoredOutboxRow {
  readonly id: string;
  readonly aggregatetype: string;
  readonly aggregateid: string;
  readonly type: string;
  readonly causation_id: string;
  readonly partition: number;
  readonly payload: string;
  readonly xid: string;
  readonly topic: string | null;
  readonly at_partition: number;
  readonly at_offset: string;
}

export async function readMessaging(ask: Ask): Promise<MessagingRows> {
  const outbox = await ask<StoredOutboxRow>(OUTBOX);
  const inbox = await ask<InboxRow>(
    'SELECT consumer_group AS "group", event_id AS "eventId" FROM inbox',
  );
  const parked = await ask<ParkedRow & { offset: string }>(
    `SELECT consumer_group AS "group", event_id AS "eventId", topic, partition, "offset", reason
     FROM parked`,
  );
  return {
    outbox: outbox.map(outboxRow),
    inbox,
    parked: parked.map((row) => ({ ...row, offset: Number(row.offset) })),
  };
}

function outboxRow(row: StoredOutboxRow): OutboxRow {
  const { id, type, partition, payload, xid, topic } = row;
  return {
    id,
    aggregateType: row.aggregatetype,
    aggregateId: row.aggregateid,
    type,
    causationId: row.causation_id,
    partition,
    payload,
    xid,
    published:
      topic === null ? null : { topic, partition: row.at_partition, offset: Number(row.at_offset) },
  };
}
