import type { Decision } from '@checkout/eos';
import { topics, type DomainEvent } from '@checkout/events';
import { emitCaused } from '../caused-event.js';
import { homeBucketOf, otherBucketsOf } from '../inventory/buckets.js';

/**
 * Divides an addition from the catalogue among the buckets of the product.
 *
 * Guarantee: a bucket's part of an addition has one id behind this stage, however often it is read,
 * so that it can be counted once; the parts are the addition, to the piece.
 * Why a topic in between: only the handlers of `enrichment.inventory` change the stock. Were it
 * changed from here as well, two partitions with two owners would write one number.
 * Not promised: order between additions and orders. An order that comes first may be refused.
 */
export function addStock(added: DomainEvent<'StockAdded'>): Decision {
  const { sku, quantity, occurredAt } = added.payload;
  const others = otherBucketsOf(sku);
  const share = Math.floor(quantity / (others.length + 1));
  // Home gets what cannot be divided, and less than a piece each is all its own.
  const parts = [
    { bucket: homeBucketOf(sku), quantity: quantity - share * others.length },
    ...(share === 0 ? [] : others.map((bucket) => ({ bucket, quantity: share }))),
  ];
  return parts.map((part) =>
    emitCaused(topics.inventory, added, {
      type: 'StockReceived',
      key: part.bucket,
      subject: part.bucket,
      payload: { sku, ...part, occurredAt },
    }),
  );
}
