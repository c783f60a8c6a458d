import type { ProductList } from '@checkout/api';
import { Controller, Get, SetMetadata } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Product } from './product.entity.js';
import { PUBLIC } from './signed-in.guard.js';

/** Before enrichment has said a word, what the catalogue began with. */
const PRODUCTS = `
  SELECT sku, name, description, unit_price AS "unitPrice", currency,
    coalesce((SELECT sum(level.available) FROM stock_levels level WHERE level.sku = product.sku),
      product.available) AS available
  FROM products product ORDER BY position`;

@Controller('api/products')
export class ProductsController {
  constructor(private readonly database: DataSource) {}

  @SetMetadata(PUBLIC, true)
  @Get()
  async all(): Promise<ProductList> {
    const products = await this.database.query<Product[]>(PRODUCTS);
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
