import type { Emit } from '@checkout/eos';
import { topics, type Payload } from '@checkout/events';
import { emitCaused, type Cause } from '../caused-event.js';
import { homeBucketOf } from './buckets.js';

type HandedOver = Pick<Payload<'StockReturned'>, 'sku' | 'from' | 'quantity' | 'occurredAt'> & {
  readonly answersRecall?: true;
};

/** Pieces on their way from a bucket to its home, which counts them when it hears of them. */
export function handOver(cause: Cause, pieces: HandedOver): Emit {
  const bucket = homeBucketOf(pieces.sku);
  return emitCaused(topics.inventory, cause, {
    type: 'StockReturned',
    key: bucket,
    subject: pieces.from,
    payload: { answersRecall: false, ...pieces, bucket },
  });
}
