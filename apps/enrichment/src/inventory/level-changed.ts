import type { Emit } from '@checkout/eos';
import { topics } from '@checkout/events';
import { emitCaused, type Cause } from '../caused-event.js';

/**
 * What the shop shows as available. An absolute number and not a difference, so that a reader may
 * miss some or see one twice; those of one product come from one bucket, hence from one partition,
 * in order.
 */
export function levelChanged(cause: Cause, level: StockLevel): Emit {
  return emitCaused(topics.inventoryLevels, cause, {
    type: 'StockLevelChanged',
    key: level.sku,
    payload: level,
  });
}

export interface StockLevel {
  readonly sku: string;
  readonly available: number;
  readonly occurredAt: string;
}
