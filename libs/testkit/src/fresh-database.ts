import { randomBytes } from 'node:crypto';
import { Client, Pool } from 'pg';

/** One look may hold what another waits for. */
const CONNECTIONS = 4;

export interface FreshDatabase {
  readonly url: string;
  /** Looks into the database past the code under test. */
  query<Row extends object>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** Ends every connection to it, too. */
  drop(): Promise<void>;
}

/**
 * An empty database with a name of its own, on the server of the project's tests: they share a
 * server and not a table.
 */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { inject } = await import('vitest');
  const adminUrl = inject('databaseAdminUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(adminUrl, `CREATE DATABASE ${name}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const pool = new Pool({ connectionString: url.href, max: CONNECTIONS });
  // A test may end every connection there is.
  pool.on('error', () => undefined);
  return {
    url: url.href,
    query: async <Row extends object>(sql: string, parameters?: unknown[]) =>
      (await pool.query<Row>(sql, parameters)).rows,
    async drop() {
      await pool.end();
      await asAdmin(adminUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function asAdmin(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
