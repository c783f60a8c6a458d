import type { KnownFact } from '@checkout/api';
import type { DataSource } from 'typeorm';

/**
 * What the inbox knows of an order besides the effects, for a timeline: which of these events were
 * delivered again and dropped, and which records that name the order were parked.
 */
export async function knownDeliveries(
  dataSource: DataSource,
  { orderId, eventIds }: { orderId: string; eventIds: readonly string[] },
): Promise<KnownFact[]> {
  const repeats = await dataSource.query<RepeatRow[]>(REPEATS, [eventIds]);
  const parked = await dataSource.query<ParkedRow[]>(PARKED, [orderId]);
  return [...repeats.map(repeatFact), ...parked.map(parkedFact)];
}

interface Coordinates {
  event_id: string;
  topic: string;
  partition: number;
  offset: string;
}
interface RepeatRow extends Coordinates {
  times: number;
  last_at: Date;
}
interface ParkedRow extends Coordinates {
  reason: string;
  parked_at: Date;
}

const REPEATS = `
  SELECT event_id, topic, partition, "offset"::text, times, last_at
  FROM inbox_repeats WHERE event_id = ANY ($1)`;

/** The table holds what no handler understands, so it is searched for the order's id. */
const PARKED = `
  SELECT event_id, topic, partition, "offset"::text, reason, parked_at
  FROM parked WHERE position(convert_to($1::uuid::text, 'UTF8') IN value) > 0`;

function repeatFact(row: RepeatRow): KnownFact {
  const { topic, times } = row;
  return {
    at: row.last_at.toISOString(),
    what: 'repeat',
    text: `Delivered again on ${topic} and dropped: its id is in the inbox.`,
    details: { table: 'inbox_repeats', ...placeOf(row), times },
  };
}

function parkedFact(row: ParkedRow): KnownFact {
  return {
    at: row.parked_at.toISOString(),
    what: 'parked',
    text: `A record of ${row.topic} was parked: ${row.reason}`,
    details: { table: 'parked', ...placeOf(row) },
  };
}

function placeOf({ event_id, topic, partition, offset }: Coordinates) {
  return { eventId: event_id, topic, partition, offset };
}
