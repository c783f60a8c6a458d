import type { Reply, Request } from '@checkout/nest-service';
import { Controller, Get, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { missing, success } from '../answer.js';
import { Endpoints } from '../endpoints.js';
import { SecretKeyGuard, StripeErrorFilter } from '../stripe-wire.js';
import { listRefundsParameters, refundParameters, retrieveRefundParameters } from './parameters.js';
import { refundObject } from './refund-object.js';
import { RefundOperations } from './refund-operations.js';
import { RefundStore } from './refund-store.js';

/** The endpoints of refunds (docs.stripe.com/api/refunds). */
const PATH = '/v1/refunds';

@Controller('v1/refunds')
@UseGuards(SecretKeyGuard)
@UseFilters(StripeErrorFilter)
export class RefundsController {
  constructor(
    private readonly endpoints: Endpoints,
    private readonly operations: RefundOperations,
    private readonly store: RefundStore,
  ) {}

  @Post()
  create(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    return this.endpoints.post(request, reply, {
      operation: 'refund',
      schema: refundParameters,
      act: (tx, parameters, { key }) => this.operations.refund(tx, parameters, key),
    });
  }

  @Get(':id')
  retrieve(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    return this.endpoints.get(request, reply, {
      schema: retrieveRefundParameters,
      read: async (tx, _parameters, { id }) => {
        const refund = await this.store.find(tx, id);
        return refund ? success(refundObject(refund)) : missing('refund', id, 'refund');
      },
    });
  }

  @Get()
  list(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    return this.endpoints.get(request, reply, {
      schema: listRefundsParameters,
      read: async (tx, parameters) => {
        const found = await this.store.list(tx, parameters);
        const data = found.slice(0, parameters.limit).map(refundObject);
        const hasMore = found.length > parameters.limit;
        return success({ object: 'list', url: PATH, has_more: hasMore, data });
      },
    });
  }
}
