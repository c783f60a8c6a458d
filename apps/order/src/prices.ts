import type { EntityManager } from 'typeorm';
import { isoText } from './database-clock.js';

/** What pricing needs to know of a product. */
export interface Price {
  readonly sku: string;
  readonly unitPrice: string;
  readonly currency: string;
  readonly vatPermille: number;
}

export interface PriceList {
  readonly prices: readonly Price[];
  /**
   * By the database's clock: the time of an order with these prices. Empty when there is none of
   * the products.
   */
  readonly readAt: string;
}

/** The prices of these products and the moment they were read: one statement. */
export async function readPrices(tx: EntityManager, skus: readonly string[]): Promise<PriceList> {
  const rows: (Price & { readAt: string })[] = await tx.query(
    `SELECT sku, unit_price AS "unitPrice", currency, vat_permille AS "vatPermille",
       ${isoText('clock_timestamp()')} AS "readAt"
     FROM products WHERE sku = ANY ($1)`,
    [skus],
  );
  return { prices: rows, readAt: rows[0]?.readAt ?? '' };
}
