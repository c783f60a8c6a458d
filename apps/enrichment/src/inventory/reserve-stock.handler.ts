import { put, skip, type Decision, type State } from '@checkout/eos';
import { topics, type DomainEvent } from '@checkout/events';
import { emitCaused } from '../caused-event.js';
import { levelChanged } from './level-changed.js';
import { freeIn, lineKey, stock } from './stock.js';

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
 * Not promised: order between products; each bucket has its own partition order only.
 */
export function reserveStock(requested: DomainEvent<'StockRequested'>, state: State): Decision {
  const line = requested.payload;
  if (state.get(stock, lineKey(line))) return skip('already decided');

  const free = freeIn(state, line.bucket);
  if (line.quantity > free) {
    return [
      put(stock, lineKey(line), { settled: 'refused' }),
      emitCaused(topics.checks, requested, {
        type: 'StockRefused',
        key: line.orderId,
        payload: { ...line, available: free },
      }),
    ];
  }

  const { sku, occurredAt } = line;
  const left = free - line.quantity;
  return [
    put(stock, lineKey(line), { held: line.quantity }),
    put(stock, line.bucket, { free: left }),
    emitCaused(topics.checks, requested, {
      type: 'StockReserved',
      key: line.orderId,
      payload: line,
    }),
    levelChanged(requested, { sku, available: left, occurredAt }),
  ];
}
