/**
 * PostgreSQL: does it let this role in, may the role do what a start does, and is its log one that
 * change data capture can read?
 *
 * The client is a package: before it is installed no more is asked than whether somebody is there.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { reasonOf, Unfit } from './unfit.mjs';

/** Databases are made by copying files, which older ones do not offer. */
const NEEDED = 15;

/**
 * What a start does: makes roles, one of them with REPLICATION and one that reads everything, makes
 * databases that belong to those roles, and makes replication slots. A superuser may.
 */
const QUESTION = `
  SELECT current_setting('server_version') AS version, current_setting('wal_level') AS wal,
         rolname AS role, array_remove(ARRAY[
           CASE WHEN NOT rolcreatedb THEN 'CREATEDB' END,
           CASE WHEN NOT rolcreaterole THEN 'CREATEROLE' END,
           CASE WHEN NOT rolreplication THEN 'REPLICATION' END,
           CASE WHEN NOT pg_has_role(oid, to_regrole('pg_read_all_data')::oid,
                                'USAGE WITH ADMIN OPTION')
             THEN 'pg_read_all_data WITH ADMIN OPTION' END,
           CASE WHEN NOT coalesce(current_setting('createrole_self_grant', true), '')
                         LIKE ALL ('{%set%,%inherit%}')
             THEN 'createrole_self_grant=set,inherit' END], NULL) AS lacking,
         rolsuper AS "mayAll"
    FROM pg_roles WHERE rolname = current_user`;

const REFUSALS = {
  '28P01': 'set the right user and password',
  28000: 'set a user that may come from here (pg_hba.conf)',
  '3D000': 'name a database that exists, such as postgres',
};

export async function askPostgres(text, withinMs) {
  const { hostname, port, username } = new URL(text);
  const place = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 5432) };
  const where = `${hostname}:${place.port}`;
  const Client = await installedClient();
  try {
    if (Client === undefined) return await connected({ ...place, withinMs }, where);
    return judged(await rowOf(Client, { text, withinMs }), where);
  } catch (error) {
    if (error instanceof Unfit) throw error;
    const login = `tried to log in${username && ` as ${username}`}`;
    // PostgreSQL's own refusals have codes of five letters and digits, and words that tell.
    if (!/^[\dA-Z]{5}$/.test(error.code ?? '')) {
      throw new Unfit(`${where} ${reasonOf(error)} (${login})`, 'start the server');
    }
    const mend = REFUSALS[error.code] ?? 'see the log of the server';
    throw new Unfit(`${where} says: ${error.message} (${login})`, mend);
  }
}

/** What is answered to the question, as what has to change. */
export function faultsOf({ version, wal, role, lacking, mayAll }) {
  const faults = [];
  if (parseInt(version) < NEEDED) {
    faults.push({ found: `is PostgreSQL ${version}`, mend: `name one of ${NEEDED} or newer` });
  }
  if (wal !== 'logical') {
    const mend = 'psql "$DATABASE_URL" -c "ALTER SYSTEM SET wal_level = logical", start it again';
    faults.push({ found: `has wal_level=${wal}, from which no change can be captured`, mend });
  }
  if (!mayAll && lacking.length > 0) {
    const found = `gives ${role} no right to ${lacking.join(', ')}`;
    faults.push({ found, mend: 'name a superuser, or a role that has these' });
  }
  return faults;
}

function judged(row, where) {
  const faults = faultsOf(row);
  if (faults.length === 0) return `${where} lets ${row.role} do what is needed`;
  const found = faults.map((fault) => fault.found).join(' and ');
  const mend = faults.map((fault) => fault.mend).join('; ');
  throw new Unfit(`${where} ${found} (tried: wal_level and pg_roles)`, mend);
}

async function rowOf(Client, { text, withinMs }) {
  const limits = { connectionTimeoutMillis: withinMs, query_timeout: withinMs };
  const client = new Client({ connectionString: text, ...limits });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query(QUESTION);
    return rows[0];
  } finally {
    // Where nothing was opened there is nothing to close.
    await client.end().catch(() => undefined);
  }
}

async function connected({ withinMs, ...place }, where) {
  const socket = connect({ ...place, signal: AbortSignal.timeout(withinMs) });
  try {
    await once(socket, 'connect');
    return `${where} takes connections; it is asked the rest when its client is installed`;
  } finally {
    socket.destroy();
  }
}

async function installedClient() {
  try {
    return (await import('pg')).default.Client;
  } catch {
    return undefined;
  }
}
