import { readTopic } from '@checkout/eos';
import { readEvent, topics } from '@checkout/events';

/** What was said to be left of a product, over all its buckets, from the first word to the last. */
export async function stockLevels(brokers: readonly string[], sku: string): Promise<number[]> {
  const records = await readTopic({ brokers, topic: topics.inventoryLevels.name });
  const told = records
    .toSorted((one, other) => one.timestamp - other.timestamp)
    .map((record) => readEvent(record, 'StockLevelChanged').payload)
    .filter((level) => level.sku === sku);
  const buckets = new Map<string, number>();
  return told.map(({ bucket, available }) => {
    buckets.set(bucket, available);
    return [...buckets.values()].reduce((sum, pieces) => sum + pieces, 0);
  });
}
