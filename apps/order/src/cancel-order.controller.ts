import { Problem, type Reply, type Request } from '@checkout/nest-service';
import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { z } from 'zod';
import { ACCEPTED, type Cancellation, CancelOrderHandler } from './cancel-order.handler.js';
import { idempotencyKeyOf } from './idempotency-key.js';
import { keyReused, sendAnswer, stillRunning } from './idempotent-answer.js';
import { orderNotFound } from './order-not-found.js';
import type { OrderStatus } from './order-status.js';
import { customerOf } from './signed-in.guard.js';
import { traceparentOf } from './trace.js';

const ofOrder = z.object({ id: z.uuid() });
/** The path says it all. */
const nothing = z.strictObject({}).default({});

@Controller('api/orders')
export class CancelOrderController {
  constructor(private readonly handler: CancelOrderHandler) {}

  @Post(':id/cancel')
  async cancel(
    @Req() request: Request,
    @Body({ schema: nothing }) _body: z.infer<typeof nothing>,
    @Res() reply: Reply,
  ): Promise<void> {
    const key = idempotencyKeyOf(request);
    const { data: path } = ofOrder.safeParse(request.params);
    if (!path) throw orderNotFound();
    const cancellation = await this.handler.cancel({
      customerId: customerOf(request),
      orderId: path.id.toLowerCase(),
      key,
      traceparent: traceparentOf(request.headers['traceparent']?.toString()),
    });
    if (cancellation.kind !== 'answered') throw refusal(cancellation);
    await sendAnswer(reply, ACCEPTED, cancellation);
  }
}

function refusal(cancellation: Exclude<Cancellation, { kind: 'answered' }>): Problem {
  switch (cancellation.kind) {
    case 'still-running':
      return stillRunning();
    case 'key-reused':
      return keyReused('another order');
    case 'not-found':
      return orderNotFound();
    case 'already-final':
      return new Problem({
        type: 'already-final',
        status: 409,
        title: 'There is nothing left to cancel',
        detail: DETAILS[cancellation.status] ?? 'The order is over.',
      });
  }
}

const DETAILS: Partial<Record<OrderStatus, string>> = {
  rejected: 'The order was rejected, and nothing was charged.',
  payment_failed: 'The payment failed, and nothing was charged.',
  cancelled: 'The order is cancelled already, and nothing was charged.',
  refunded: 'The money was returned already.',
};
