/** A ledger entry as it is written: taken apart by the judge, not by the ledger's schema. */
export interface Entry {
  readonly transactionId: string;
  readonly orderId: string;
  readonly kind: string;
  readonly currency: string;
  readonly legs: readonly Leg[];
}

export interface Leg {
  readonly account: string;
  readonly direction: string;
  readonly amount: string;
}

export function parseEntry(text: string): Entry | null {
  try {
    const entry = JSON.parse(text) as Entry;
    return Array.isArray(entry.legs) ? entry : null;
  } catch {
    return null;
  }
}

/** Zero when the amount is no whole number above it. */
export function unitsOf({ amount }: Leg): bigint {
  return /^[1-9]\d*$/.test(amount) ? BigInt(amount) : 0n;
}

export function totalOf(legs: readonly Leg[], direction: 'debit' | 'credit'): bigint {
  return legs
    .filter((leg) => leg.direction === direction)
    .reduce((total, leg) => total + unitsOf(leg), 0n);
}
