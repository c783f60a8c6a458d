import { Inject, Injectable } from '@nestjs/common';
import type { Log } from '@checkout/eos';
import { DataSource } from 'typeorm';
import { keptAnswer, type KeyedRequest } from './kept-answer.js';
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
    const asked: KeyedRequest = {
      customerId: command.customerId,
      route: ROUTE,
      key: command.key,
      requestHash: requestHash(command.request),
    };
    const skus = command.request.lines.map(({ sku }) => sku);
    const { prices, readAt } = await readPrices(this.database.manager, skus);
    const quote = priceOrder(command.request, prices);
    if (quote.kind !== 'priced') return (await keptAnswer(this.database.manager, asked)) ?? quote;

    const order: NewOrder = {
      id: newOrderId(),
      customerId: command.customerId,
      lines: quote.lines,
      total: quote.total,
      tax: quote.tax,
      paymentMethod: command.request.paymentMethod,
      placedAt: readAt,
    };
    const claim: Claim = { ...asked, response: answerTo(order) };
    const event = orderPlaced(order, command.traceparent);
    const insertion = await insertOrder(this.database.manager, order, { claim, event });

    if (insertion === 'key busy') return { kind: 'still-running' };
    if (insertion === 'key taken') {
      return (await keptAnswer(this.database.manager, asked)) ?? { kind: 'still-running' };
    }
    this.log.info({ order: order.id, total: order.total.amount }, 'placed');
    this.streams.wake([order.customerId]);
    return { kind: 'answered', response: claim.response, replayed: false };
  }
}

function answerTo(order: NewOrder): string {
  const answer: PlacedOrder = {
    id: order.id,
    status: 'placed',
    lines: order.lines.map(({ sku, quantity, unitPrice }) => ({ sku, quantity, unitPrice })),
    total: order.total,
  };
  return JSON.stringify(answer);
}
