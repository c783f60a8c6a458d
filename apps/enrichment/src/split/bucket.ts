import { partitionOf } from '@checkout/events';

/**
 * Which part of a product's stock serves an order: the key of `enrichment.inventory`, and so the
 * partition that decides.
 *
 * More than one bucket needs a way for an empty one to borrow from the others; until then the whole
 * stock of a product is in its home bucket, and this function is the only place that knows it.
 */
const BUCKETS_PER_PRODUCT = 1;

export function bucketOf(sku: string, orderId: string): string {
  return `${sku}/${partitionOf(orderId, BUCKETS_PER_PRODUCT)}`;
}

/** Where new stock arrives. */
export function homeBucketOf(sku: string): string {
  return `${sku}/0`;
}
