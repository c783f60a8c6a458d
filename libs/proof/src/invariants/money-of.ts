import type { Evidence } from '../evidence/evidence.js';
import type { BookedCharge, BookedRefund } from '../evidence/books.js';

/** What the gateway has taken for one order and given back, by its own books. */
export interface MoneyOfOrder {
  /** Succeeded ones. */
  readonly charges: readonly BookedCharge[];
  readonly refunds: readonly BookedRefund[];
  /** Charges that are not wholly refunded. */
  readonly standing: readonly BookedCharge[];
  readonly captured: bigint;
  readonly refunded: bigint;
  readonly kept: bigint;
}

export const NO_ORDER = 'no order';

/** Every order, those that the gateway has never heard of too. */
export function moneyOf({ gateway, orders }: Evidence): ReadonlyMap<string, MoneyOfOrder> {
  const { charges, refunds } = gateway.books;
  const succeeded = charges.filter(({ status }) => status === 'succeeded');
  const given = refunds.filter(({ status }) => status !== 'failed' && status !== 'canceled');
  const chargesOf = Map.groupBy(succeeded, ({ orderId }) => orderId ?? NO_ORDER);
  const refundsOf = Map.groupBy(given, ({ orderId }) => orderId ?? NO_ORDER);
  const ids = new Set([
    ...orders.orders.map(({ id }) => id),
    ...chargesOf.keys(),
    ...refundsOf.keys(),
  ]);
  return new Map(
    [...ids].map((id) => [id, moneyOfOrder(chargesOf.get(id) ?? [], refundsOf.get(id) ?? [])]),
  );
}

function moneyOfOrder(
  charges: readonly BookedCharge[],
  refunds: readonly BookedRefund[],
): MoneyOfOrder {
  const captured = sum(charges);
  const refunded = sum(refunds);
  const standing = charges.filter(({ id, amount }) => {
    return sum(refunds.filter(({ charge }) => charge === id)) < amount;
  });
  return { charges, refunds, standing, captured, refunded, kept: captured - refunded };
}

export function sum(rows: readonly { readonly amount: bigint }[]): bigint {
  return rows.reduce((total, { amount }) => total + amount, 0n);
}
