import type { PlacedOrder, PlaceOrder } from '@checkout/api';
import type { Log } from '@checkout/eos';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { keptAnswer, type KeyedRequest } from './kept-answer.js';
import { OrderAcceptance } from './order-acceptance.js';
import { newOrderId } from './order-id.js';
import { type NewOrder, orderPlaced } from './order-placed.js';
import { OrderStreams } from './order-streams.js';
import { type Claim, offer } from './place-order.statement.js';
import { requestHash } from './request-hash.js';
import { priceOrder, type Quote } from './price-order.js';
import { Prices } from './prices.js';
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
 * The order is offered at the prices that this process has seen last, and the statement that stores
 * it takes it at the catalogue's prices only; when they have moved, the order is priced anew, and
 * only the catalogue as it is now can refuse it.
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
  /** Nothing happened; asked again in a moment, the order may be placed. */
  | { readonly kind: 'overloaded' }
  | Exclude<Quote, { kind: 'priced' }>;

const ROUTE = 'POST /api/orders';
/** Prices that move between so many looks and tries are being edited by a machine gone wild. */
const LOOKS = 3;

@Injectable()
export class PlaceOrderHandler {
  constructor(
    private readonly database: DataSource,
    private readonly acceptance: OrderAcceptance,
    private readonly prices: Prices,
    private readonly streams: OrderStreams,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async place(command: PlaceOrderCommand): Promise<Placement> {
    const asked = keyed(command);
    const skus = command.request.lines.map(({ sku }) => sku);
    let prices = this.prices.known(skus);
    for (let looks = 0; looks <= LOOKS; looks += 1) {
      const quote = priceOrder(command.request, prices);
      if (quote.kind === 'priced') {
        const placement = await this.offer(asked, command, quote);
        if (placement !== 'prices moved') return placement;
      } else if (looks > 0) {
        return (await keptAnswer(this.database.manager, asked)) ?? quote;
      }
      prices = await this.prices.read(skus);
    }
    return { kind: 'overloaded' };
  }

  private async offer(
    asked: KeyedRequest,
    { customerId, request, traceparent }: PlaceOrderCommand,
    { lines, total, tax }: Priced,
  ): Promise<Placement | 'prices moved'> {
    const { paymentMethod } = request;
    const order: NewOrder = { id: newOrderId(), customerId, lines, total, tax, paymentMethod };
    const claim: Claim = { ...asked, response: answerTo(order) };
    const event = orderPlaced(order, traceparent);
    const insertion = await this.acceptance.accept(offer(order, { claim, event }));
    switch (insertion) {
      case 'placed':
        this.log.info({ order: order.id, total: total.amount }, 'placed');
        this.streams.wake([customerId]);
        return { kind: 'answered', response: claim.response, replayed: false };
      case 'prices moved':
        return insertion;
      case 'stream busy':
      case 'overloaded':
        return { kind: 'overloaded' };
      case 'key taken':
      case 'key busy':
        return (await keptAnswer(this.database.manager, asked)) ?? { kind: 'still-running' };
    }
  }
}

type Priced = Extract<Quote, { kind: 'priced' }>;

function keyed({ customerId, key, request }: PlaceOrderCommand): KeyedRequest {
  return { customerId, route: ROUTE, key, requestHash: requestHash(request) };
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
