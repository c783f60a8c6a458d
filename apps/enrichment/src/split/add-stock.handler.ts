import type { Decision } from '@checkout/eos';
import { topics, type DomainEvent } from '@checkout/events';
import { emitCaused } from '../caused-event.js';
import { homeBucketOf } from './bucket.js';

/**
 * Sends an addition from the catalogue to the bucket that keeps the product's stock.
 *
 * Guarantee: an addition has one id behind this stage, however often it is read, so that it can be
 * counted once.
 * Why a topic in between: only the handlers of `enrichment.inventory` change the stock. Were it
 * changed from here as well, two partitions with two owners would write one number.
 * Not promised: order between additions and orders. An order that comes first may be refused.
 */
export function addStock(added: DomainEvent<'StockAdded'>): Decision {
  const { sku, quantity, occurredAt } = added.payload;
  const bucket = homeBucketOf(sku);
  return [
    emitCaused(topics.inventory, added, {
      type: 'StockReceived',
      key: bucket,
      payload: { sku, bucket, quantity, occurredAt },
    }),
  ];
}
