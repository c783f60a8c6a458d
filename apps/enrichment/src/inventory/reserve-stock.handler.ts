import { put, skip, type Decision, type Effect, type State } from '@checkout/eos';
import { topics, type DomainEvent } from '@checkout/events';
import { emitCaused } from '../caused-event.js';
import { homeBucketOf, otherBucketsOf } from './buckets.js';
import { refused, reserved, withLevel } from './serve.js';
import { type Bucket, bucketIn, lineBecomes, lineIn, stock, waitingKey } from './stock.js';

type Requested = DomainEvent<'StockRequested'>;

/**
 * Reserves stock for one order line.
 *
 * Guarantee: a line is reserved or refused once, whatever is redelivered. The verdict, the new
 * stock and the offset that passes this request become visible together (one Kafka transaction), so
 * there is no moment in which stock is taken and nobody knows for whom.
 * Threat: the worker dies after deciding. Nothing was visible; the next owner of the partition
 * restores the stock from the changelog and decides again, with the same input in the same order,
 * hence the same verdict.
 * A repeat emits nothing. The verdict cannot be missing: it was committed with the row that makes
 * us call this a repeat; saying it again would only make every reader drop it again.
 * A bucket that has too little does not refuse: its product's home may have the rest, or get it
 * (return-stock.handler.ts).
 * Not promised: order between products, and between the buckets of one.
 */
export function reserveStock(requested: Requested, state: State): Decision {
  const line = requested.payload;
  if (lineIn(state, line)) return skip('already decided');

  const bucket = bucketIn(state, line.bucket);
  const { queue = { first: 0, next: 0 }, recalls } = bucket;
  const nobodyWaits = queue.first === queue.next;
  if (nobodyWaits && line.quantity <= bucket.free) {
    const left = { ...bucket, free: bucket.free - line.quantity };
    return [
      ...reserved({ line, cause: requested }),
      ...withLevel(left, changeOf(requested), requested),
    ];
  }
  if (line.bucket !== homeBucketOf(line.sku)) return sentHome(requested);
  const others = recalls ?? otherBucketsOf(line.sku);
  if (others.length === 0) return refused({ line, cause: requested }, bucket.free);
  return [
    ...waits(requested, { ...bucket, recalls: others, queue }),
    ...(recalls ? [] : others.map((other) => recall(requested, other))),
  ];
}

function changeOf({ payload: { sku, bucket, occurredAt } }: Requested) {
  return { sku, bucket, occurredAt };
}

function sentHome(requested: Requested): Effect[] {
  const line = requested.payload;
  const home = homeBucketOf(line.sku);
  return [
    lineBecomes(line, { sentTo: home }),
    emitCaused(topics.inventory, requested, {
      type: 'StockRequested',
      key: home,
      subject: home,
      payload: { ...line, bucket: home },
    }),
  ];
}

function waits(requested: Requested, bucket: Bucket & Required<Pick<Bucket, 'queue'>>): Effect[] {
  const { id, traceparent, payload: line } = requested;
  const { first, next } = bucket.queue;
  return [
    lineBecomes(line, { waits: next }),
    put(stock, waitingKey(line.bucket, next), { line, cause: { id, traceparent } }),
    put(stock, line.bucket, { ...bucket, queue: { first, next: next + 1 } }),
  ];
}

function recall(requested: Requested, bucket: string): Effect {
  const { sku, occurredAt } = requested.payload;
  return emitCaused(topics.inventory, requested, {
    type: 'StockRecalled',
    key: bucket,
    subject: bucket,
    payload: { sku, bucket, occurredAt },
  });
}
