import type { ProductList } from '@checkout/api';
import { Controller, Get, SetMetadata } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Product } from './product.entity.js';
import { PUBLIC } from './signed-in.guard.js';

@Controller('api/products')
export class ProductsController {
  constructor(private readonly database: DataSource) {}

  @SetMetadata(PUBLIC, true)
  @Get()
  async all(): Promise<ProductList> {
    const products = await this.database
      .getRepository(Product)
      .find({ order: { position: 'ASC' } });
    const data = products.map(({ sku, name, description, unitPrice, currency, available }) => ({
      sku,
      name,
      description,
      unitPrice: { amount: unitPrice, currency },
      available: Number(available),
    }));
    return { data, nextCursor: null };
  }
}
