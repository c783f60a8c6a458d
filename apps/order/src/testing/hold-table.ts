import { type FreshDatabase, until } from '@checkout/testkit';
import { DataSource } from 'typeorm';

/** Lets nobody write to a table: statements that want to wait in the middle, uncommitted. */
export async function holdTable(database: FreshDatabase, table: string) {
  const holder = await new DataSource({ type: 'postgres', url: database.url }).initialize();
  const session = holder.createQueryRunner();
  await session.startTransaction();
  await session.query(`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`);
  return {
    waited: (count: number) =>
      until({ what: `${count} statements wait for ${table}`, withinMs: 10_000 }, async () => {
        const waiting = await database.query(
          `SELECT FROM pg_locks WHERE relation = '${table}'::regclass AND NOT granted`,
        );
        return waiting.length >= count;
      }),
    /** Once; another time changes nothing. */
    async release() {
      if (session.isReleased) return;
      await session.commitTransaction();
      await session.release();
      await holder.destroy();
    },
  };
}
