import type { Money } from '@checkout/money';
import type { Product } from '@checkout/api';
import type { CartLine } from './cart';

/**
 * Amounts are integer minor units in a string. They are multiplied and added as BigInt and shown
 * from the exact decimal text, shifted by an exponent: no amount ever passes through a float.
 */
export function formatMoney({ amount, currency }: Money, locale?: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const { maximumFractionDigits: digits = 0 } = format.resolvedOptions();
  return format.format(`${amount}E-${digits}` as `${number}`);
}

export function lineTotal(unitPrice: Money, quantity: number): Money {
  return { ...unitPrice, amount: (BigInt(unitPrice.amount) * BigInt(quantity)).toString() };
}

/**
 * The catalogue's prices times the quantities; undefined while a product of the cart is not known.
 */
export function cartTotal(
  cart: readonly CartLine[],
  products: readonly Product[],
): Money | undefined {
  let sum = 0n;
  let currency: string | undefined;
  for (const line of cart) {
    const product = products.find(({ sku }) => sku === line.sku);
    if (!product) return undefined;
    currency ??= product.unitPrice.currency;
    if (product.unitPrice.currency !== currency) return undefined;
    sum += BigInt(lineTotal(product.unitPrice, line.quantity).amount);
  }
  return currency ? { amount: sum.toString(), currency } : undefined;
}
