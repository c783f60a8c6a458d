import { createHash } from 'node:crypto';
import type { InputRecord, Log } from '@checkout/eos';
import type { EntityManager } from 'typeorm';

export interface ParkOptions {
  readonly group: string;
  readonly eventId: string;
  readonly record: InputRecord;
  readonly reason: string;
  readonly log: Log;
}

/** Keeps the whole record, with its coordinates and the reason. A repeat changes nothing. */
export async function park(tx: EntityManager, options: ParkOptions): Promise<void> {
  const { group, eventId, record, reason, log } = options;
  const { topic, partition, offset, key, value, headers } = record;
  await tx.query(
    `INSERT INTO parked
       (consumer_group, event_id, topic, partition, "offset", key, value, headers, reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
    [
      group,
      eventId,
      topic,
      partition,
      offset.toString(),
      storable(key),
      value,
      storable(JSON.stringify(headers)),
      storable(reason),
    ],
  );
  log.error({ group, topic, partition, offset: offset.toString(), reason }, 'a record was parked');
}

/**
 * PostgreSQL keeps no zero bytes in text: without this, parking the poison would be poison itself.
 */
function storable<T extends string | null>(text: T): T {
  return text?.replaceAll('\0', '\uFFFD').replaceAll('\\u0000', '\\ufffd') as T;
}

/**
 * The name of a record that cannot be read: UUIDv5 of its coordinates. Not its `id` header, were it
 * to have one: the repaired event may come with the same id, and must then be new.
 */
export function unreadableId({ topic, partition, offset }: InputRecord): string {
  const digest = createHash('sha1').update(NAMESPACE).update(`${topic}/${partition}/${offset}`);
  const bytes = digest.digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** RFC 9562's namespace for names that are addresses. */
const NAMESPACE = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');
