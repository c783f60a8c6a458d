import { placeOrder, type PlaceOrder, problems } from '@checkout/api';
import type { Money } from '@checkout/money';
import { Problem, type Reply, type Request } from '@checkout/nest-service';
import { Body, Controller, Post, Req, Res, UseGuards } from '@nestjs/common';
import { idempotencyKeyOf } from './idempotency-key.js';
import { sendAnswer } from './idempotent-answer.js';
import { OrderLimitGuard } from './order-limit.guard.js';
import { type Placement, PlaceOrderHandler } from './place-order.handler.js';
import { customerOf } from './signed-in.guard.js';
import { traceparentOf } from './trace.js';

const PLACED = 201;

@Controller('api/orders')
export class PlaceOrderController {
  constructor(private readonly handler: PlaceOrderHandler) {}

  @UseGuards(OrderLimitGuard)
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
      return new Problem(problems.stillRunning);
    case 'key-reused':
      return new Problem(problems.idempotencyKeyReused);
    case 'overloaded':
      return new Problem(problems.overloaded);
    case 'unknown-product':
      return new Problem(problems.unknownProduct, {
        detail: `Not in the catalogue: ${placement.skus.join(', ')}.`,
      });
    case 'repeated-product':
      return new Problem(problems.repeatedProduct, {
        detail: `Put the whole quantity into one line: ${placement.skus.join(', ')}.`,
      });
    case 'mixed-currencies':
      return new Problem(problems.mixedCurrencies, {
        detail: `The products are sold in ${placement.currencies.join(' and ')}.`,
      });
    case 'total-too-small':
      return new Problem(problems.totalTooSmall, {
        detail: `The order would cost ${inWords(placement.total)}.`,
      });
    case 'total-too-large':
      return new Problem(problems.totalTooLarge, {
        detail: `The order would cost ${inWords(placement.total)}.`,
      });
    case 'price-changed':
      return new Problem(problems.priceChanged, {
        detail: `The order costs ${inWords(placement.total)} now.`,
      });
  }
}

/** The exponent shifts the decimal text, so that no amount passes through a float. */
function inWords({ amount, currency }: Money): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const { maximumFractionDigits: digits = 0 } = format.resolvedOptions();
  return format.format(`${amount}E-${digits}` as `${number}`);
}
