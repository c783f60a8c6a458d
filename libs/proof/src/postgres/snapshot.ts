import { Client, type QueryResultRow } from 'pg';

/**
 * One look at one database: everything that is read comes from one moment.
 *
 * REPEATABLE READ takes a snapshot at its first query and keeps it; READ ONLY makes sure that the
 * judge changes nothing, whatever its role may.
 */
export type Ask = <Row extends QueryResultRow>(sql: string) => Promise<Row[]>;

const CONNECTED_WITHIN_MS = 5_000;

export async function snapshot<T>(url: string, read: (ask: Ask) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECTED_WITHIN_MS,
  });
  // The query that is under way reports it.
  client.on('error', () => undefined);
  await client.connect().catch((error: unknown) => {
    throw new Error(`PostgreSQL does not answer at ${withoutPassword(url)}`, { cause: error });
  });
  try {
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const result = await read(async (sql) => (await client.query(sql)).rows as never);
    await client.query('COMMIT');
    return result;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function withoutPassword(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

/** Milliseconds, in UTC: the form in which events carry times. */
export function isoText(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

export function milliseconds(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000)::bigint`;
}
