import { Inject, Injectable } from '@nestjs/common';
import type { Log } from '@checkout/eos';
import { stage } from '@checkout/outbox';
import { DataSource, type EntityManager } from 'typeorm';
import { databaseClock } from './database-clock.js';
import {
  keepAnswer,
  keptAnswer,
  type KeptAnswer,
  type KeyedRequest,
  takeKey,
} from './kept-answer.js';
import { laterEvent } from './later-event.js';
import { isOver, type OrderStatus } from './order-status.js';
import { Order } from './order.entity.js';
import { tellWish } from './order-stream.js';
import { OrderStreams } from './order-streams.js';
import { viewOf, wholeOrder } from './order-view.js';
import { LOG } from './tokens.js';

/**
 * Takes a customer's wish to cancel an order.
 *
 * Guarantee: the wish, the event that tells of it, its place on the customer's event stream and the
 * answer kept for the key are durable together (one database transaction). An order has one wish
 * and one event for ever, however many keys it is asked with; each repeat of a key gets its first
 * answer, byte for byte.
 * Threat, step by step: two requests with two keys arrive together. Each takes its own key; the
 * second then waits for the order's row, finds the wish there, and tells nobody again.
 * If we die before the commit: nothing happened, and the repeat with the same key asks again.
 * If we die after it: the event will be published, and the repeat gets the answer.
 * Not promised: that the order is cancelled. The payment service alone decides what is still
 * possible, and an order that is rejected meanwhile stays rejected. What became of the wish is the
 * order's status.
 */
export interface CancelOrderCommand {
  readonly customerId: string;
  readonly orderId: string;
  readonly key: string;
  readonly traceparent: string;
}

export type Cancellation =
  | KeptAnswer
  | { readonly kind: 'answered'; readonly response: string; readonly replayed: false }
  | { readonly kind: 'still-running' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'already-final'; readonly status: OrderStatus };

const ROUTE = 'POST /api/orders/{id}/cancel';
export const ACCEPTED = 202;

@Injectable()
export class CancelOrderHandler {
  constructor(
    private readonly database: DataSource,
    private readonly streams: OrderStreams,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async cancel(command: CancelOrderCommand): Promise<Cancellation> {
    const { customerId, orderId, key } = command;
    // All that such a request says is which order it means.
    const asked: KeyedRequest = { customerId, route: ROUTE, key, requestHash: orderId };
    const cancellation = await this.database.transaction(async (tx) => {
      if (!(await takeKey(tx, asked))) return { kind: 'still-running' } as const;
      return (await keptAnswer(tx, asked)) ?? (await wish(tx, asked, command));
    });
    if (cancellation.kind === 'answered' && !cancellation.replayed) {
      this.log.info({ order: orderId }, 'the customer wishes to cancel');
      this.streams.wake([customerId]);
    }
    return cancellation;
  }
}

async function wish(
  tx: EntityManager,
  asked: KeyedRequest,
  { customerId, orderId, traceparent }: CancelOrderCommand,
): Promise<Cancellation> {
  const [order]: { status: OrderStatus; wished: boolean }[] = await tx.query(
    `SELECT status, cancel_requested_at IS NOT NULL AS wished FROM orders
     WHERE id = $1 AND customer_id = $2 FOR UPDATE`,
    [orderId, customerId],
  );
  if (!order) return { kind: 'not-found' };
  if (isOver(order.status)) return { kind: 'already-final', status: order.status };
  if (!order.wished) {
    const occurredAt = await databaseClock(tx);
    await tx.query(`UPDATE orders SET cancel_requested_at = $2 WHERE id = $1`, [
      orderId,
      occurredAt,
    ]);
    const payload = { orderId, customerId, occurredAt };
    await stage(tx, [laterEvent('OrderCancelRequested', payload, traceparent)]);
    await tellWish(tx, { customerId, orderId });
  }
  const view = await tx.findOneOrFail(Order, {
    where: { id: orderId, customerId },
    ...wholeOrder,
  });
  const response = JSON.stringify(viewOf(view));
  await keepAnswer(tx, asked, { status: ACCEPTED, response, orderId });
  return { kind: 'answered', response, replayed: false };
}
