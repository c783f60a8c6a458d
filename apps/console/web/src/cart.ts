import { stored } from './stored';
import type { CartLine } from './types';

export const cart = stored<readonly CartLine[]>('checkout.cart', [], parseCart);

function parseCart(value: unknown): readonly CartLine[] | undefined {
  return Array.isArray(value) && value.every(isLine) ? value : undefined;
}

function isLine(value: unknown): value is CartLine {
  const line = value as Partial<CartLine> | null;
  return typeof line?.sku === 'string' && isQuantity(line.quantity);
}

const MAX_QUANTITY = 999;

function isQuantity(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_QUANTITY;
}

export function addToCart(lines: readonly CartLine[], sku: string): readonly CartLine[] {
  const present = lines.find((line) => line.sku === sku);
  return present
    ? withQuantity(lines, sku, present.quantity + 1)
    : [...lines, { sku, quantity: 1 }];
}

/** Zero takes the line out; anything that is not a quantity changes nothing. */
export function withQuantity(
  lines: readonly CartLine[],
  sku: string,
  quantity: number,
): readonly CartLine[] {
  if (quantity === 0) return lines.filter((line) => line.sku !== sku);
  if (!isQuantity(quantity)) return lines;
  return lines.map((line) => (line.sku === sku ? { sku, quantity } : line));
}

export function pieces(lines: readonly CartLine[]): number {
  return lines.reduce((sum, line) => sum + line.quantity, 0);
}
