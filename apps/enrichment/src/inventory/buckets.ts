import { partitionOf } from '@checkout/events';

/**
 * Into how many parts a product's stock is divided. A bucket is the key of `enrichment.inventory`,
 * and so has one partition that decides about it, one record after the other: the orders for a
 * product that everybody wants are decided in as many partitions as its buckets fall into.
 * It is part of the data: a repeat of an order has to ask the bucket that the order has asked.
 */
const BUCKETS = 8;
/** Of ten pieces there is nothing to divide. */
const UNDIVIDED = ['limited-print'];

const countOf = (sku: string): number => (UNDIVIDED.includes(sku) ? 1 : BUCKETS);

export function bucketOf(sku: string, orderId: string): string {
  return `${sku}/${partitionOf(orderId, countOf(sku))}`;
}

/** The bucket that serves whom another cannot, and that alone may refuse. */
export function homeBucketOf(sku: string): string {
  return `${sku}/0`;
}

export function otherBucketsOf(sku: string): string[] {
  return Array.from({ length: countOf(sku) - 1 }, (_, n) => `${sku}/${n + 1}`);
}
