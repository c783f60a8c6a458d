/**
 * Databases, roles and replication slots: all that must be there before the first service runs its
 * migrations.
 *
 * The slots come first on purpose: what a service writes into its outbox before the connector has
 * ever run is kept for the connector by the slot. Everything may be there already (a second start,
 * a server that somebody else runs).
 */
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import type { Role, Secrets } from './secrets.ts';

export const databases = ['orders', 'payments', 'ledger', 'gateway'] as const;
export type Database = (typeof databases)[number];

/**
 * One slot per outbox, named as the publication that the owner's migration makes, and one source,
 * named as its file in deploy/connectors.
 */
export const outboxes = [
  { database: 'orders', slot: 'orders_outbox', connector: 'orders-outbox' },
  { database: 'payments', slot: 'payments_outbox', connector: 'payments-outbox' },
] as const;

const attributes: Partial<Record<Role, string>> = { connect: 'REPLICATION' };

export function urlOf(
  adminUrl: string,
  database: string,
  role?: { name: Role; password: string },
): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  if (role) {
    url.username = role.name;
    url.password = role.password;
  }
  return url.toString();
}

export async function prepareDatabases(adminUrl: string, secrets: Secrets): Promise<void> {
  await withClient(adminUrl, async (admin) => {
    for (const role of Object.keys(secrets.passwords) as Role[]) {
      if (role !== 'postgres') await ensureRole(admin, role, secrets.passwords[role]);
    }
    for (const database of databases) await ensureDatabase(admin, database);
    await letAuditorRead(admin);
  });
  await Promise.all([
    ...outboxes.map(({ database, slot }) =>
      withClient(urlOf(adminUrl, database), (client) => ensureSlot(client, slot)),
    ),
    withClient(urlOf(adminUrl, 'ledger'), (client) =>
      client.query('GRANT USAGE ON SCHEMA public TO ledger_sink'),
    ),
  ]);
}

async function ensureRole(admin: Client, role: Role, password: string): Promise<void> {
  const name = escapeIdentifier(role);
  const { rowCount } = await admin.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  if (rowCount === 0) await admin.query(`CREATE ROLE ${name} LOGIN`);
  const more = attributes[role] ?? '';
  await admin.query(`ALTER ROLE ${name} LOGIN ${more} PASSWORD ${escapeLiteral(password)}`);
}

/** The owner of a database is the service's own role, named as the database. */
async function ensureDatabase(admin: Client, database: Database): Promise<void> {
  const name = escapeIdentifier(database);
  const found = await admin.query('SELECT FROM pg_database WHERE datname = $1', [database]);
  if (found.rowCount !== 0) return;
  await admin.query(`CREATE DATABASE ${name} OWNER ${name} STRATEGY = FILE_COPY`);
  await admin.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
  await admin.query(`GRANT CONNECT ON DATABASE ${name} TO connect, ledger_sink`);
}

/** A system that is older than the judge gets its rights at its next start. */
async function letAuditorRead(admin: Client): Promise<void> {
  await admin.query('GRANT pg_read_all_data TO auditor');
  await admin.query('ALTER ROLE auditor SET default_transaction_read_only = on');
  for (const database of databases) {
    await admin.query(`GRANT CONNECT ON DATABASE ${escapeIdentifier(database)} TO auditor`);
  }
}

async function ensureSlot(client: Client, slot: string): Promise<void> {
  await client.query(
    `SELECT pg_create_logical_replication_slot($1, 'pgoutput')
      WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1)`,
    [slot],
  );
}

export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
