import type { Money } from '@checkout/money';
import { Problem, type Reply, type Request } from '@checkout/nest-service';
import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { idempotencyKeyOf } from './idempotency-key.js';
import { keyReused, sendAnswer, stillRunning } from './idempotent-answer.js';
import { type Placement, PlaceOrderHandler } from './place-order.handler.js';
import { type PlaceOrder, placeOrder } from './place-order.schema.js';
import { customerOf } from './signed-in.guard.js';
import { traceparentOf } from './trace.js';

const PLACED = 201;

@Controller('api/orders')
export class PlaceOrderController {
  constructor(private readonly handler: PlaceOrderHandler) {}

  @Post()
  async place(
    @Req() request: Request,
    @Body({ schema: placeOrder }) body: PlaceOrder,
    @Res() reply: Reply,
  ): Promise<void> {
    const placement = await this.handler.place({
      customerId: customerOf(request),
      key: idempotencyKeyOf(request),
      traceparent: traceparentOf(headerOf(request, 'traceparent')),
      request: body,
    });
    if (placement.kind !== 'answered') throw refusal(placement);
    await sendAnswer(reply, PLACED, placement);
  }
}

function headerOf(request: Request, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function refusal(placement: Exclude<Placement, { kind: 'answered' }>): Problem {
  switch (placement.kind) {
    case 'still-running':
      return stillRunning();
    case 'key-reused':
      return keyReused('another body');
    case 'overloaded':
      return new Problem({
        type: 'overloaded',
        status: 503,
        title: 'Too many orders are being placed at this moment',
        detail: 'Nothing was ordered. Repeat the request with the same Idempotency-Key.',
        headers: { 'retry-after': '1' },
      });
    case 'unknown-product':
      return new Problem({
        type: 'unknown-product',
        status: 422,
        title: 'The order names a product that is not in the catalogue',
        detail: `Not in the catalogue: ${placement.skus.join(', ')}.`,
      });
    case 'repeated-product':
      return new Problem({
        type: 'repeated-product',
        status: 422,
        title: 'The order names a product twice',
        detail: `Put the whole quantity into one line: ${placement.skus.join(', ')}.`,
      });
    case 'total-too-large':
      return new Problem({
        type: 'total-too-large',
        status: 422,
        title: 'The total is more than can be charged at once',
        detail: `The order would cost ${inWords(placement.total)}.`,
      });
    case 'price-changed':
      return new Problem({
        type: 'price-changed',
        status: 409,
        title: 'The price is not the one you were shown',
        detail: `The order costs ${inWords(placement.total)} now.`,
      });
  }
}

function inWords({ amount, currency }: Money): string {
  return `${amount} minor units of ${currency}`;
}
