import { partitionOf } from '@checkout/events';

/** A product's stock lies in eight buckets, and what there are ten pieces of in one. */
export function bucketsOf(sku: string): string[] {
  const count = sku === 'limited-print' ? 1 : 8;
  return Array.from({ length: count }, (_, n) => `${sku}/${n}`);
}

export function homeOf(sku: string): string {
  return `${sku}/0`;
}

/** Whom an order for it asks first. */
export function bucketFor(sku: string, orderId: string): string {
  return `${sku}/${partitionOf(orderId, bucketsOf(sku).length)}`;
}
