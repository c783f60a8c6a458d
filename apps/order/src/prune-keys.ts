import type { Log, Runner } from '@checkout/eos';
import type { DataSource, EntityManager } from 'typeorm';
import { RepeatedLook } from './repeated-look.js';

/**
 * How long the answer of a key is kept: a client that was stopped on Friday evening goes on after
 * the weekend. Longer than anything that repeats by itself, and three times what the gateway keeps.
 *
 * After that the key is free: the same request would be a new wish, and a new order. So a client
 * that has waited longer looks at its orders before it sends again. The database's clock says what
 * is old.
 */
const KEPT_HOURS = 72;
/** An hour more or less on three days is nobody's concern. */
const LOOK_EVERY_MS = 10 * 60_000;
/** Some milliseconds of work: nobody who places an order notices. */
const AT_ONCE = 1_000;

/** Forgets old keys and says how many. Replicas that prune at one moment take different ones. */
export async function pruneKeys(tx: EntityManager, atMost = AT_ONCE): Promise<number> {
  const [, pruned]: [unknown, number] = await tx.query(
    `DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM idempotency_keys
       WHERE created_at < clock_timestamp() - interval '${KEPT_HOURS} hours'
       LIMIT $1 FOR UPDATE SKIP LOCKED))`,
    [atMost],
  );
  return pruned;
}

export function keyPruning({ dataSource, log }: { dataSource: DataSource; log: Log }): Runner {
  return new RepeatedLook({
    name: 'old idempotency keys',
    everyMs: LOOK_EVERY_MS,
    log,
    async look() {
      const pruned = await pruneKeys(dataSource.manager);
      if (pruned > 0) log.info({ keys: pruned }, 'old idempotency keys were forgotten');
      return pruned === AT_ONCE;
    },
  });
}
