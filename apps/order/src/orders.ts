import type { OrderPage, OrderView } from '@checkout/api';
import { Injectable } from '@nestjs/common';
import { DataSource, LessThan, type Repository } from 'typeorm';
import { Order } from './order.entity.js';
import { viewOf, wholeOrder } from './order-view.js';

/**
 * A customer's own orders. The owner is part of every query: another's order is not there, rather
 * than forbidden.
 */
@Injectable()
export class Orders {
  private readonly orders: Repository<Order>;

  constructor(database: DataSource) {
    this.orders = database.getRepository(Order);
  }

  async find(customerId: string, id: string): Promise<OrderView | null> {
    const order = await this.orders.findOne({
      where: { id, customerId },
      ...wholeOrder,
    });
    return order && viewOf(order);
  }

  /** Newest first. Ids rise with time, so the last id of a page is the cursor to the next one. */
  async page(customerId: string, limit: number, before?: string): Promise<OrderPage> {
    const found = await this.orders.find({
      where: before ? { customerId, id: LessThan(before) } : { customerId },
      order: { id: 'DESC' },
      take: limit + 1,
      ...wholeOrder,
    });
    const data = found.slice(0, limit).map(viewOf);
    const more = found.length > limit;
    return { data, nextCursor: (more && data.at(-1)?.id) || null };
  }
}
