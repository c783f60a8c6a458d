export interface CartLine {
  readonly sku: string;
  readonly quantity: number;
}

export const MAX_QUANTITY = 999;

export function isQuantity(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= MAX_QUANTITY;
}

export function addToCart(lines: readonly CartLine[], sku: string): readonly CartLine[] {
  return putBack(lines, [{ sku, quantity: 1 }]);
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

/** Lines that come to what may lie in the cart by now: one line a product, no piece lost. */
export function putBack(
  lines: readonly CartLine[],
  more: readonly CartLine[],
): readonly CartLine[] {
  return more.reduce((cart, { sku, quantity }) => {
    const present = cart.find((line) => line.sku === sku);
    if (!present) return [...cart, { sku, quantity }];
    return withQuantity(cart, sku, Math.min(present.quantity + quantity, MAX_QUANTITY));
  }, lines);
}

/** What became of the cart, for those who do not see it. */
export function cartNews(what: string, lines: readonly CartLine[]): string {
  return `${what}. ${lines.length === 0 ? 'The cart is empty' : `${pieces(lines)} in the cart`}.`;
}

export function pieces(lines: readonly CartLine[]): number {
  return lines.reduce((sum, line) => sum + line.quantity, 0);
}
