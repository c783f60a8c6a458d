import type { PlaceOrder } from '@checkout/api';
import { add, includedTax, type Money, minorUnits, money, times } from '@checkout/money';
import type { Price } from './prices.js';

export interface PricedLine {
  readonly lineNumber: number;
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: Money;
  /** Value added tax contained in the price. */
  readonly vatPermille: number;
}

export type Quote =
  | {
      readonly kind: 'priced';
      readonly lines: readonly PricedLine[];
      readonly total: Money;
      readonly tax: Money;
    }
  | { readonly kind: 'unknown-product'; readonly skus: readonly string[] }
  | { readonly kind: 'repeated-product'; readonly skus: readonly string[] }
  | { readonly kind: 'mixed-currencies'; readonly currencies: readonly string[] }
  | { readonly kind: 'total-too-large'; readonly total: Money }
  | { readonly kind: 'total-too-small'; readonly total: Money }
  | { readonly kind: 'price-changed'; readonly total: Money };

/** The gateway charges at most eight digits. */
const LARGEST_TOTAL = 99_999_999n;
/** And at least half a euro; other currencies have other limits, and no product is sold in them. */
const SMALLEST_TOTAL = 50n;

/**
 * Prices come from the catalogue and from nowhere else. Refusals go from the most permanent to the
 * least.
 */
export function priceOrder(request: PlaceOrder, catalogue: readonly Price[]): Quote {
  const products = new Map(catalogue.map((product) => [product.sku, product]));
  const skus = request.lines.map(({ sku }) => sku);
  const unknown = skus.filter((sku) => !products.has(sku));
  if (unknown.length > 0) return { kind: 'unknown-product', skus: unknown };
  const repeated = skus.filter((sku, i) => skus.indexOf(sku) !== i);
  if (repeated.length > 0) return { kind: 'repeated-product', skus: repeated };

  const priced = request.lines.flatMap(({ sku, quantity }, i) => {
    const product = products.get(sku);
    return product ? [priceLine(product, { lineNumber: i + 1, quantity })] : [];
  });
  const currencies = [...new Set(priced.map(({ gross }) => gross.currency))];
  if (currencies.length > 1) return { kind: 'mixed-currencies', currencies };
  const total = priced.map(({ gross }) => gross).reduce(add);
  if (minorUnits(total) > LARGEST_TOTAL) return { kind: 'total-too-large', total };
  if (minorUnits(total) < SMALLEST_TOTAL) return { kind: 'total-too-small', total };
  if (request.expectedTotal && !isSame(request.expectedTotal, total)) {
    return { kind: 'price-changed', total };
  }
  const tax = priced.map(({ tax: part }) => part).reduce(add);
  return { kind: 'priced', lines: priced.map(({ line }) => line), total, tax };
}

function priceLine(
  product: Price,
  { lineNumber, quantity }: { lineNumber: number; quantity: number },
) {
  const unitPrice = money(BigInt(product.unitPrice), product.currency);
  const gross = times(unitPrice, quantity);
  return {
    line: { lineNumber, sku: product.sku, quantity, unitPrice, vatPermille: product.vatPermille },
    gross,
    tax: includedTax(gross, product.vatPermille),
  };
}

function isSame(left: Money, right: Money): boolean {
  return left.amount === right.amount && left.currency === right.currency;
}
