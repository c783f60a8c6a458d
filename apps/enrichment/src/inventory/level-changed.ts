import type { Emit } from '@checkout/eos';
import { topics } from '@checkout/events';
import { emitCaused, type Cause } from '../caused-event.js';

/**
 * What is free in a bucket; the shop shows the sum of a product's. An absolute number and not a
 * difference, so that a reader may miss some or see one twice; those of one bucket come from one
 * partition, in order. While pieces are on their way from one bucket to another, neither has them.
 */
export function levelChanged(cause: Cause, level: StockLevel): Emit {
  return emitCaused(topics.inventoryLevels, cause, {
    type: 'StockLevelChanged',
    key: level.bucket,
    payload: level,
  });
}

export interface StockLevel {
  readonly sku: string;
  readonly bucket: string;
  readonly available: number;
  readonly occurredAt: string;
}
