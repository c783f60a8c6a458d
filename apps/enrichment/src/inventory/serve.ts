import { put, remove, type Effect, type State } from '@checkout/eos';
import { topics } from '@checkout/events';
import { emitCaused, type Cause } from '../caused-event.js';
import { levelChanged, type StockLevel } from './level-changed.js';
import { type Bucket, lineBecomes, lineIn, stock, waitingKey, type Waiting } from './stock.js';

/** What changed a bucket, and when, for what is told of it. */
export type Change = Omit<StockLevel, 'available'>;

/**
 * The bucket as it is now, after those who wait in it have been served as far as it goes.
 *
 * Guarantee: whoever waits is served in order of arrival, whole or not at all, and refused only
 * when every bucket has handed over: the last pieces go to exactly as many as there are pieces for.
 * While somebody waits for pieces that may still come, nobody behind gets the ones that are there.
 */
export function served(
  bucket: Bucket,
  change: Change,
  { cause, state }: { readonly cause: Cause; readonly state: State },
): Effect[] {
  const { recalls = [], queue } = bucket;
  if (!queue) return withLevel(bucket, change, cause);

  const effects: Effect[] = [];
  let { free } = bucket;
  let { first } = queue;
  for (; first < queue.next; first++) {
    const waiting = state.get(stock, waitingKey(change.bucket, first)) as Waiting;
    const { line } = waiting;
    const hasGivenUp = !('waits' in (lineIn(state, line) ?? {}));
    if (!hasGivenUp && line.quantity > free && recalls.length > 0) break;
    effects.push(remove(stock, waitingKey(change.bucket, first)));
    if (hasGivenUp) continue;
    effects.push(...(line.quantity > free ? refused(waiting, free) : reserved(waiting)));
    if (line.quantity <= free) free -= line.quantity;
  }
  const after = { ...bucket, free, queue: { ...queue, first } };
  return [...effects, ...withLevel(after, change, cause)];
}

/** The line has its pieces; whoever calls takes them off the bucket. */
export function reserved({ line, cause }: Waiting): Effect[] {
  return [
    lineBecomes(line, { held: line.quantity }),
    emitCaused(topics.checks, cause, {
      type: 'StockReserved',
      key: line.orderId,
      payload: line,
    }),
  ];
}

export function refused({ line, cause }: Waiting, available: number): Effect[] {
  return [
    lineBecomes(line, { settled: 'refused' }),
    emitCaused(topics.checks, cause, {
      type: 'StockRefused',
      key: line.orderId,
      payload: { ...line, available },
    }),
  ];
}

export function withLevel(bucket: Bucket, change: Change, cause: Cause): Effect[] {
  return [
    put(stock, change.bucket, bucket),
    levelChanged(cause, { ...change, available: bucket.free }),
  ];
}
