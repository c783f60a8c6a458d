import type { FreshDatabase } from '@checkout/testkit';

/** The rows of each table as text, sorted; also of tables that nobody thought of. */
export type Content = Readonly<Record<string, readonly string[]>>;

/** Read once: no test makes tables. */
const statements = new WeakMap<FreshDatabase, Promise<string>>();

async function statementFor(database: FreshDatabase): Promise<string> {
  const tables = await database.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name`,
  );
  const contents = tables.map(
    ({ name }) => `SELECT '${name}' AS name, coalesce(
       array_agg(content::text ORDER BY content::text), '{}') AS rows FROM "${name}" AS content`,
  );
  return contents.join(' UNION ALL ');
}

export async function contentOf(database: FreshDatabase): Promise<Content> {
  const statement = statements.get(database) ?? statementFor(database);
  statements.set(database, statement);
  const tables = await database.query<{ name: string; rows: string[] }>(await statement);
  return Object.fromEntries(tables.map(({ name, rows }) => [name, rows]));
}

/** How many rows there are more than before, in the tables that have more or fewer. */
export function rowsMore(after: Content, before: Content): Record<string, number> {
  const more = Object.entries(after).map(([table, rows]): [string, number] => [
    table,
    rows.length - (before[table]?.length ?? 0),
  ]);
  return Object.fromEntries(more.filter(([, rows]) => rows !== 0));
}

export function asText(content: Content): string {
  return Object.values(content).flat().join('\n');
}
