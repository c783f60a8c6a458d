import { put, skip, type Decision, type State } from '@checkout/eos';
import type { DomainEvent } from '@checkout/events';
import { handOver } from './hand-over.js';
import { served, withLevel } from './serve.js';
import { bucketIn, countedKey, stock } from './stock.js';

/**
 * How the pieces of a divided product come together again.
 *
 * A line that its bucket cannot serve whole is sent to the product's home. What home cannot serve
 * either may still lie in the other buckets, some here, some there. So it recalls them: each hands
 * over what is free, once, and is closed; from then on it hands over whatever comes back to it, and
 * sends every request on. Home serves those who wait as pieces come in, and refuses nobody before
 * all have answered.
 *
 * Guarantee: a bucket answers one recall, and what it hands over is counted once. It was taken off
 * the bucket in the Kafka transaction that told home of it, so that no piece is in two places and
 * none in neither, but on its way.
 * Not promised: that a product is divided again. Its last pieces have one place from now on.
 */
export function recallStock(recalled: DomainEvent<'StockRecalled'>, state: State): Decision {
  const { sku, bucket: name, occurredAt } = recalled.payload;
  const { free, closed } = bucketIn(state, name);
  if (closed) return skip('already recalled');
  const pieces = { sku, from: name, quantity: free, occurredAt, answersRecall: true } as const;
  const change = { sku, bucket: name, occurredAt };
  return [...withLevel({ free: 0, closed: true }, change, recalled), handOver(recalled, pieces)];
}

export function takeBack(returned: DomainEvent<'StockReturned'>, state: State): Decision {
  const { bucket: name, sku, from, quantity, answersRecall, occurredAt } = returned.payload;
  const note = countedKey(name, returned.id);
  if (state.get(stock, note)) return skip('already counted');

  const home = bucketIn(state, name);
  const recalls = home.recalls?.filter((other) => !answersRecall || other !== from);
  const filled = { ...home, free: home.free + quantity, ...(recalls && { recalls }) };
  return [
    put(stock, note, { returned: quantity }),
    ...served(filled, { sku, bucket: name, occurredAt }, { cause: returned, state }),
  ];
}
