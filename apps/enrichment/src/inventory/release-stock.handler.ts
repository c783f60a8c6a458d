import { skip, type Decision, type State } from '@checkout/eos';
import type { DomainEvent } from '@checkout/events';
import { handOver } from './hand-over.js';
import { served } from './serve.js';
import { bucketIn, lineBecomes, lineIn } from './stock.js';

/**
 * Gives back what an order line holds.
 *
 * Guarantee: exactly what is held comes back, once: the quantity is the row's and not the
 * message's, and the row says afterwards that it is settled. A line that was refused holds nothing.
 * Threat: the release comes before its reservation (a parked request that somebody sends again).
 * Were it forgotten, the reservation would then hold stock for an order that is over. So it is
 * remembered, and the request that follows is skipped. The join, which sends releases for decided
 * orders only, and to the bucket that holds the line, waits for no verdict any more.
 * Not promised: that a released line can be reserved again. An order that is over stays over.
 */
export function releaseStock(
  release: DomainEvent<'StockReleaseRequested'>,
  state: State,
): Decision {
  const line = release.payload;
  const row = lineIn(state, line);
  const released = lineBecomes(line, { settled: 'released' });
  if (!row || 'waits' in row) return [released];
  if (!('held' in row)) return skip('nothing is held');

  const { sku, bucket: name, occurredAt } = line;
  const bucket = bucketIn(state, name);
  if (bucket.closed) {
    return [released, handOver(release, { sku, from: name, quantity: row.held, occurredAt })];
  }
  const filled = { ...bucket, free: bucket.free + row.held };
  const change = { sku, bucket: name, occurredAt };
  return [released, ...served(filled, change, { cause: release, state })];
}
