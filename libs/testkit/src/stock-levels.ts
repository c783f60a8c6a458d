import { readTopic } from '@checkout/eos';
import { readEvent, topics } from '@checkout/events';

/** What was said to be left of a product, from the first word to the last. */
export async function stockLevels(brokers: readonly string[], sku: string): Promise<number[]> {
  const records = await readTopic({ brokers, topic: topics.inventoryLevels.name });
  return records
    .map((record) => readEvent(record, 'StockLevelChanged').payload)
    .filter((level) => level.sku === sku)
    .map(({ available }) => available);
}
