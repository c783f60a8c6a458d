import {
  type OrderPage,
  orderPath,
  type OrderView,
  pageQuery,
  type PageQuery,
} from '@checkout/api';
import type { Request } from '@checkout/nest-service';
import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { orderNotFound } from './order-not-found.js';
import { Orders } from './orders.js';
import { customerOf } from './signed-in.guard.js';

@Controller('api/orders')
export class OrdersController {
  constructor(private readonly orders: Orders) {}

  @Get()
  async own(
    @Req() request: Request,
    @Query({ schema: pageQuery }) query: PageQuery,
  ): Promise<OrderPage> {
    return this.orders.page(customerOf(request), query.limit, query.cursor);
  }

  @Get(':id')
  async one(@Req() request: Request, @Param() path: { id: string }): Promise<OrderView> {
    // An id that cannot be one is answered like one that is not there.
    const order = orderPath.safeParse(path).success
      ? await this.orders.find(customerOf(request), path.id)
      : null;
    if (order) return order;
    throw orderNotFound();
  }
}
