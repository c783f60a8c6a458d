import { cancelOrder, type CancelOrder, orderPath, problems } from '@checkout/api';
import { Problem, type Reply, type Request } from '@checkout/nest-service';
import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { ACCEPTED, type Cancellation, CancelOrderHandler } from './cancel-order.handler.js';
import { idempotencyKeyOf } from './idempotency-key.js';
import { sendAnswer } from './idempotent-answer.js';
import { orderNotFound } from './order-not-found.js';
import type { OrderStatus } from './order-status.js';
import { customerOf } from './signed-in.guard.js';
import { traceparentOf } from './trace.js';

@Controller('api/orders')
export class CancelOrderController {
  constructor(private readonly handler: CancelOrderHandler) {}

  @Post(':id/cancel')
  async cancel(
    @Req() request: Request,
    @Body({ schema: cancelOrder.optional() }) _body: CancelOrder | undefined,
    @Res() reply: Reply,
  ): Promise<void> {
    const key = idempotencyKeyOf(request);
    const { data: path } = orderPath.safeParse(request.params);
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
      return new Problem(problems.stillRunning);
    case 'key-reused':
      return new Problem(problems.idempotencyKeyReused, {
        detail: 'The key was used to cancel another order.',
      });
    case 'not-found':
      return orderNotFound();
    case 'already-final':
      return new Problem(problems.alreadyFinal, {
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
