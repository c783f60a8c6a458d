import type { EntityManager } from 'typeorm';

/**
 * SQL text: a timestamp as ISO 8601 in UTC with milliseconds, the form in which it travels in
 * events.
 */
export function isoText(timestamp: string): string {
  return `to_char(${timestamp} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** The time by which orders are dated: one clock, however many replicas of this service run. */
export async function databaseClock(tx: EntityManager): Promise<string> {
  const rows = await tx.query<{ now: string }[]>(`SELECT ${isoText('clock_timestamp()')} AS now`);
  return rows.map(({ now }) => now).join();
}
