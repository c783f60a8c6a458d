import { Inject, Injectable } from '@nestjs/common';
import type { Log } from '@checkout/eos';
import { DataSource } from 'typeorm';
import { newOrderId } from './order-id.js';
import { type NewOrder, orderPlaced } from './order-placed.js';
import { OrderStreams } from './order-streams.js';
import { type PlacedOrder, type PlaceOrder, requestHash } from './place-order.schema.js';
import { type Claim, insertOrder } from './place-order.statement.js';
import { priceOrder, type Quote } from './price-order.js';
import { readPrices } from './prices.js';
import { LOG } from './tokens.js';

/**
 * Places an order.
 *
 * Guarantee: a customer's key makes one order at most, however often and wherever the request is
 * repeated, and each repeat gets the first answer again, byte for byte. The order and the event
 * that tells of it are durable together.
 * If we die before the commit: nothing happened, and the repeat places the order.
 * If we die after the commit and before the answer: the order exists, its event will be published,
 * and the repeat gets the answer that this request did not.
 * Refusals are not kept under the key: nothing happened, and the same key may ask again.
 * Not promised: stock. It is reserved after the order was accepted, and the order may still be
 * rejected.
 */
export interface PlaceOrderCommand {
  readonly customerId: string;
  readonly key: string;
  readonly traceparent: string;
  readonly request: PlaceOrder;
}

export type Placement =
  | { readonly kind: 'answered'; readonly response: string; readonly replayed: boolean }
  | { readonly kind: 'key-reused' }
  | { readonly kind: 'still-running' }
  | Exclude<Quote, { kind: 'priced' }>;

const ROUTE = 'POST /api/orders';

@Injectable()
export class PlaceOrderHandler {
  constructor(
    private readonly database: DataSource,
    private readonly streams: OrderStreams,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async place(command: PlaceOrderCommand): Promise<Placement> {
    const skus = command.request.lines.map(({ sku }) => sku);
    const { prices, readAt } = await readPrices(this.database.manager, skus);
    const quote = priceOrder(command.request, prices);
    if (quote.kind !== 'priced') return (await this.earlierAnswer(command)) ?? quote;

    const order: NewOrder = {
      id: newOrderId(),
      customerId: command.customerId,
      lines: quote.lines,
      total: quote.total,
      tax: quote.tax,
      paymentMethod: command.request.paymentMethod,
      placedAt: readAt,
    };
    const claim = claimFor(command, order);
    const event = orderPlaced(order, command.traceparent);
    const insertion = await insertOrder(this.database.manager, order, { claim, event });

    if (insertion === 'key busy') return { kind: 'still-running' };
    if (insertion === 'key taken') {
      return (await this.earlierAnswer(command)) ?? { kind: 'still-running' };
    }
    this.log.info({ order: order.id, total: order.total.amount }, 'placed');
    this.streams.wake([order.customerId]);
    return { kind: 'answered', response: claim.response, replayed: false };
  }

  private async earlierAnswer(command: PlaceOrderCommand): Promise<Placement | null> {
    const [earlier]: { request_hash: string; response: string }[] = await this.database.query(
      `SELECT request_hash, response FROM idempotency_keys
       WHERE customer_id = $1 AND route = $2 AND key = $3`,
      [command.customerId, ROUTE, command.key],
    );
    if (!earlier) return null;
    if (earlier.request_hash !== requestHash(command.request)) return { kind: 'key-reused' };
    return { kind: 'answered', response: earlier.response, replayed: true };
  }
}

function claimFor(command: PlaceOrderCommand, order: NewOrder): Claim {
  const answer: PlacedOrder = {
    id: order.id,
    status: 'placed',
    lines: order.lines.map(({ sku, quantity, unitPrice }) => ({ sku, quantity, unitPrice })),
    total: order.total,
  };
  return {
    route: ROUTE,
    key: command.key,
    requestHash: requestHash(command.request),
    response: JSON.stringify(answer),
  };
}
