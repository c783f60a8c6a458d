import type { AnyEvent, Payload } from '@checkout/events';
import type { Received } from '@checkout/inbox';
import type { EntityManager } from 'typeorm';

/**
 * Shows how many pieces are left, as enrichment last said.
 *
 * Guarantee: the number shown is that of the newest level read; a repeat or an older one changes
 * nothing. All levels of a product are in one partition, so its offset says which is newer.
 * Not promised: that so many can still be had. Enrichment alone decides, order by order.
 */
export async function projectLevels(
  tx: EntityManager,
  received: readonly Received<AnyEvent>[],
): Promise<void> {
  const newest = new Map(received.flatMap(levelOf).map((level) => [level.sku, level]));
  if (newest.size === 0) return;
  const levels = [...newest.values()].toSorted((a, b) => (a.sku < b.sku ? -1 : 1));
  await tx.query(
    `UPDATE products p
     SET available = level.available, level_partition = level.partition,
       level_offset = level.position
     FROM unnest($1::text[], $2::bigint[], $3::integer[], $4::bigint[])
       AS level (sku, available, partition, position)
     WHERE p.sku = level.sku AND (p.level_offset IS NULL OR p.level_offset < level.position)`,
    [
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
