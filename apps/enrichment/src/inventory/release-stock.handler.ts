import { put, skip, type Decision, type State } from '@checkout/eos';
import type { DomainEvent } from '@checkout/events';
import { levelChanged } from './level-changed.js';
import { freeIn, lineKey, stock } from './stock.js';

/**
 * Gives back what an order line holds.
 *
 * Guarantee: exactly what is held comes back, once: the quantity is the row's and not the
 * message's, and the row says afterwards that it is settled. A line that was refused holds nothing.
 * Threat: the release comes before its reservation (a parked request that somebody sends again).
 * Were it forgotten, the reservation would then hold stock for an order that is over. So it is
 * remembered, and the request that follows is skipped. The join, which sends releases for decided
 * orders only, waits for no verdict any more.
 * Not promised: that a released line can be reserved again. An order that is over stays over.
 */
export function releaseStock(
  release: DomainEvent<'StockReleaseRequested'>,
  state: State,
): Decision {
  const line = release.payload;
  const row = state.get(stock, lineKey(line));
  if (!row) return [put(stock, lineKey(line), { settled: 'released' })];
  if (!('held' in row)) return skip('nothing is held');

  const free = freeIn(state, line.bucket) + row.held;
  return [
    put(stock, lineKey(line), { settled: 'released' }),
    put(stock, line.bucket, { free }),
    levelChanged(release, { sku: line.sku, available: free, occurredAt: line.occurredAt }),
  ];
}
