import type { Request } from '@checkout/nest-service';
import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { z } from 'zod';
import { orderNotFound } from './order-not-found.js';
import { type OrderPage, Orders } from './orders.js';
import type { OrderView } from './order-view.js';
import { customerOf } from './signed-in.guard.js';

const LARGEST_PAGE = 100;
const USUAL_PAGE = '20';

const pageQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,3}$/, `expected a whole number from 1 to ${LARGEST_PAGE}`)
    .transform(Number)
    .refine((n) => n >= 1 && n <= LARGEST_PAGE, `expected 1 to ${LARGEST_PAGE}`)
    .prefault(USUAL_PAGE),
  cursor: z.uuid('expected the nextCursor of the page before').optional(),
});
type PageQuery = z.infer<typeof pageQuery>;

const orderId = z.uuid();

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
  async one(@Req() request: Request, @Param('id') id: string): Promise<OrderView> {
    const order = orderId.safeParse(id).success
      ? await this.orders.find(customerOf(request), id)
      : null;
    if (order) return order;
    throw orderNotFound();
  }
}
