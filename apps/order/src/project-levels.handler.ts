import type { AnyEvent, Payload } from '@checkout/events';
import type { Received } from '@checkout/inbox';
import type { EntityManager } from 'typeorm';

/**
 * Keeps how many pieces are left in each bucket, as enrichment last said.
 *
 * Guarantee: the number kept is that of the newest level read; a repeat or an older one changes
 * nothing. All levels of a bucket are in one partition, so its offset says which is newer.
 * Not promised: that so many can still be had. Enrichment alone decides, order by order; and pieces
 * on their way from one bucket to another are in neither.
 */
export async function projectLevels(
  tx: EntityManager,
  received: readonly Received<AnyEvent>[],
): Promise<void> {
  const newest = new Map(received.flatMap(levelOf).map((level) => [level.bucket, level]));
  if (newest.size === 0) return;
  const levels = [...newest.values()].toSorted((a, b) => (a.bucket < b.bucket ? -1 : 1));
  await tx.query(
    `INSERT INTO stock_levels AS known (bucket, sku, available, partition, "offset")
     SELECT level.* FROM unnest($1::text[], $2::text[], $3::bigint[], $4::integer[], $5::bigint[])
       AS level (bucket, sku, available, partition, "offset")
       JOIN products USING (sku)
     ON CONFLICT (bucket) DO UPDATE
       SET available = excluded.available, partition = excluded.partition,
         "offset" = excluded."offset"
       WHERE known."offset" < excluded."offset"`,
    [
      levels.map(({ bucket }) => bucket),
      levels.map(({ sku }) => sku),
      levels.map(({ available }) => available),
      levels.map(({ partition }) => partition),
      levels.map(({ offset }) => offset.toString()),
    ],
  );
}

type Level = Payload<'StockLevelChanged'> & { partition: number; offset: bigint };

function levelOf({ event, record }: Received<AnyEvent>): Level[] {
  if (event.type !== 'StockLevelChanged') return [];
  return [{ ...event.payload, partition: record.partition, offset: record.offset }];
}
