import { type FreshDatabase, until } from '@checkout/testkit';
import { DataSource } from 'typeorm';
import { lockStreams } from '../order-stream.js';

/**
 * Takes the lock of a customer's event stream, at which whoever places an order for the customer
 * then waits: its key is taken and nothing is committed.
 */
export async function holdStream(database: FreshDatabase, customerId: string) {
  const holder = await new DataSource({ type: 'postgres', url: database.url }).initialize();
  const session = holder.createQueryRunner();
  await session.startTransaction();
  await lockStreams(session.manager, [customerId]);
  return {
    waited: () =>
      until({ what: 'somebody waits for the lock', withinMs: 10_000 }, async () => {
        const waiting = await database.query(
          `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`,
        );
        return waiting.length > 0;
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
