import { put, skip, type Decision, type State } from '@checkout/eos';
import type { DomainEvent } from '@checkout/events';
import { handOver } from './hand-over.js';
import { served } from './serve.js';
import { bucketIn, countedKey, stock } from './stock.js';

/**
 * Counts a delivery.
 *
 * Guarantee: each delivery is counted once, whatever is redelivered. The note that it was counted,
 * the new stock and the offset that passes it become visible together (one Kafka transaction).
 * Threat: the catalogue's topic is read again from its start, say after lost offsets. It is
 * compacted by event id and keeps every delivery for ever, so the notes are kept for ever too.
 * Not promised: that two deliveries with ids of their own are not the same crate.
 */
export function receiveStock(received: DomainEvent<'StockReceived'>, state: State): Decision {
  const { bucket: name, quantity, ...what } = received.payload;
  const delivery = countedKey(name, received.id);
  if (state.get(stock, delivery)) return skip('already counted');

  const counted = put(stock, delivery, { counted: quantity });
  const bucket = bucketIn(state, name);
  if (bucket.closed) return [counted, handOver(received, { ...what, from: name, quantity })];
  const filled = { ...bucket, free: bucket.free + quantity };
  return [counted, ...served(filled, { ...what, bucket: name }, { cause: received, state })];
}
