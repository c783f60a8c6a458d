import { emit, put, type Decision, type InputRecord, type State } from '@checkout/eos';
import { ExactlyOnce } from '@checkout/eos-nest';
import { partitionOf, readEvent, topics, type DomainEvent } from '@checkout/events';
import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { COUNT, COUNTS, ORDERS, pieces, SOLD, SPLIT } from './topics.js';

const sold = z.strictObject({ sku: z.string(), quantity: z.int().min(1) });
type Sold = z.infer<typeof sold>;

/**
 * How many pieces of each product were ordered, out of the approved orders of the shop.
 *
 * Orders are in partitions by order, and what is counted is by product: so one stage splits, and
 * the next, a consumer group of its own, counts.
 */
@Controller()
export class BestsellersController {
  @ExactlyOnce({
    group: SPLIT,
    topics: [ORDERS],
    decode: (record) => readEvent(record, ...topics.ordersApproved.events),
  })
  split({ payload }: DomainEvent<'OrderApproved'>): Decision {
    return payload.lines.map(({ sku, quantity }) => emit(json(SOLD, sku, { sku, quantity })));
  }

  @ExactlyOnce({
    group: COUNT,
    topics: [SOLD],
    stores: [pieces],
    decode: ({ value }: InputRecord) => sold.parse(JSON.parse(String(value))),
  })
  count({ sku, quantity }: Sold, state: State): Decision {
    const total = (state.get(pieces, sku) ?? 0) + quantity;
    return [put(pieces, sku, total), emit(json(COUNTS, sku, { sku, pieces: total }))];
  }
}

function json(topic: string, key: string, value: object) {
  const { partitions } = topics.ordersApproved;
  const bytes = Buffer.from(JSON.stringify(value));
  return { topic, partition: partitionOf(key, partitions), key, value: bytes, headers: {} };
}
