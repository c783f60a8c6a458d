import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSystem } from '@checkout/local';
import { Client } from 'pg';

export interface DatabaseServer {
  readonly adminUrl: string;
  stop(): Promise<void>;
}

/** A PostgreSQL for one test file: real, on a free port, gone afterwards. */
export async function databaseServer(): Promise<DatabaseServer> {
  const runDir = await mkdtemp(join(tmpdir(), 'checkout-'));
  // Under root PostgreSQL runs as another user, who must be able to come in.
  await chmod(runDir, 0o755);
  const system = await startSystem({ only: ['postgres'], runDir });
  return {
    adminUrl: system.databaseUrl('orders'),
    async stop() {
      await system.stop();
      await rm(runDir, { recursive: true, force: true });
    },
  };
}

export interface FreshDatabase {
  readonly url: string;
  /** Looks into the database past the code under test. */
  query<Row extends object>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** Ends every connection to it, too. */
  drop(): Promise<void>;
}

/**
 * An empty database with a name of its own, on a server that is given by an admin's URL: tests that
 * share a server do not share a table.
 */
export async function freshDatabase(adminUrl: string): Promise<FreshDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await withClient(adminUrl, (admin) => admin.query(`CREATE DATABASE ${name}`));
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    query: <Row extends object>(sql: string, parameters?: unknown[]) =>
      withClient(url.href, async (client) => (await client.query<Row>(sql, parameters)).rows),
    drop: () =>
      withClient(adminUrl, async (admin) => {
        await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      }),
  };
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
