import type { Money } from '@checkout/money';
import { Controller, Get, SetMetadata } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Product } from './product.entity.js';
import { PUBLIC } from './signed-in.guard.js';

interface ProductView {
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly unitPrice: Money;
  /** As last heard from enrichment: a hint for people, not a promise. */
  readonly available: number;
}

@Controller('api/products')
export class ProductsController {
  constructor(private readonly database: DataSource) {}

  @SetMetadata(PUBLIC, true)
  @Get()
  async all(): Promise<{ data: ProductView[]; nextCursor: null }> {
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
