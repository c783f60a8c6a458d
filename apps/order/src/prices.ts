import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** What pricing needs to know of a product. */
export interface Price {
  readonly sku: string;
  readonly unitPrice: string;
  readonly currency: string;
  readonly vatPermille: number;
}

/**
 * The prices of the catalogue, and what was last seen of them.
 *
 * What is known may be old. It is good enough to offer an order to the database, which takes it
 * only at the prices of that moment (place-order.statement.ts), and never good enough to refuse
 * one: whoever refuses reads first.
 */
@Injectable()
export class Prices {
  private readonly seen = new Map<string, Price>();

  constructor(private readonly database: DataSource) {}

  /** As they were when somebody read them. */
  known(skus: readonly string[]): readonly Price[] {
    return skus.flatMap((sku) => this.seen.get(sku) ?? []);
  }

  /** As they are now. */
  async read(skus: readonly string[]): Promise<readonly Price[]> {
    const prices: Price[] = await this.database.query(
      `SELECT sku, unit_price AS "unitPrice", currency, vat_permille AS "vatPermille"
       FROM products WHERE sku = ANY ($1)`,
      [skus],
    );
    for (const price of prices) this.seen.set(price.sku, price);
    return prices;
  }
}
