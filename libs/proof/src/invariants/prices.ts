import type { OrdersDatabase, ProductRow } from '../evidence/rows.js';

/** One line, sold at one price; and what the catalogue says now. */
interface Seen {
  readonly price: string;
  readonly at: number;
}

/** Orders at one price, one after the other. */
interface Run {
  readonly price: string;
  readonly from: number;
  readonly to: number;
}

/** Nobody changes a price, and changes it again, within this time. */
const STANDS_FOR_MS = 10_000;

/**
 * The prices that a product has had, by what is known of them: today’s, and those of a time before.
 * The catalogue keeps no history; but whatever was sold in the same moments was sold at the same
 * price. So a price has stood if it stands today, or if there is a time of more than ten seconds
 * in which nothing was sold at another one, or before which nothing was sold at all.
 *
 * Two orders that are placed in the moment of a change may come in either order: each of the two
 * prices has its own time before or after it, so neither looks wrong.
 */
export function stoodOf({
  orders,
  lines,
  products,
  readAt,
}: OrdersDatabase): (sku: string, price: string) => boolean {
  const byId = new Map(orders.map((order) => [order.id, order]));
  const sold = Map.groupBy(lines, ({ sku }) => sku);
  const stood = new Map(
    products.map((product) => {
      const seen = (sold.get(product.sku) ?? []).flatMap(({ orderId, unitPrice }): Seen[] => {
        const order = byId.get(orderId);
        if (!order) return [];
        return [{ price: `${unitPrice} ${order.currency}`, at: Date.parse(order.placedAt) }];
      });
      const today = { price: priceOf(product), at: readAt };
      return [product.sku, stoodAmong(seen, today)];
    }),
  );
  return (sku, price) => stood.get(sku)?.has(price) ?? false;
}

export function priceOf({ unitPrice, currency }: ProductRow): string {
  return `${unitPrice} ${currency}`;
}

function stoodAmong(seen: readonly Seen[], today: Seen): ReadonlySet<string> {
  const runs = runsOf([...seen.toSorted((a, b) => a.at - b.at), today]);
  const standing = runs.filter((_, i) => {
    const [before, after] = [runs[i - 1], runs[i + 1]];
    return !before || !after || after.from - before.to > STANDS_FOR_MS;
  });
  return new Set(standing.map(({ price }) => price));
}

function runsOf(seen: readonly Seen[]): Run[] {
  const runs: Run[] = [];
  for (const { price, at } of seen) {
    const last = runs.at(-1);
    if (last?.price === price) runs[runs.length - 1] = { ...last, to: at };
    else runs.push({ price, from: at, to: at });
  }
  return runs;
}
