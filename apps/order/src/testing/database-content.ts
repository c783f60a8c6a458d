import type { FreshDatabase } from '@checkout/testkit';

async function tables(database: FreshDatabase): Promise<string[]> {
  const found = await database.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name`,
  );
  return found.map(({ name }) => name);
}

/** How many rows each table has, those that nobody thought of included. */
export async function rowsByTable(database: FreshDatabase): Promise<Record<string, number>> {
  const counts = (await tables(database)).map(
    (name) => `SELECT '${name}' AS name, count(*)::integer AS rows FROM "${name}"`,
  );
  const found = await database.query<{ name: string; rows: number }>(counts.join(' UNION ALL '));
  return Object.fromEntries(found.map(({ name, rows }) => [name, rows]));
}

/** Everything that the database holds, as text. */
export async function everyRow(database: FreshDatabase): Promise<string> {
  const contents = (await tables(database)).map(
    (name) => `SELECT string_agg(content::text, ' ' ORDER BY content::text) AS text
     FROM "${name}" AS content`,
  );
  const found = await database.query<{ text: string | null }>(contents.join(' UNION ALL '));
  return found.map(({ text }) => text ?? '').join('\n');
}
