import type { Charge } from './verdict.js';

interface Page {
  readonly data: readonly BookedCharge[];
  readonly nextCursor: string | null;
}
interface BookedCharge {
  readonly id: string;
  readonly amount: string | number;
  readonly currency: string;
  readonly status: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Every charge the gateway has ever made, by its own append-only books. */
export async function books(gatewayUrl: string): Promise<Charge[]> {
  const charges: Charge[] = [];
  let cursor: string | null = null;
  do {
    const url = new URL('/books/charges', gatewayUrl);
    if (cursor) url.searchParams.set('cursor', cursor);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url.href} answered ${response.status}`);
    const page = (await response.json()) as Page;
    charges.push(...page.data.map(charge));
    cursor = page.nextCursor;
  } while (cursor);
  return charges;
}

function charge(booked: BookedCharge): Charge {
  return {
    id: booked.id,
    orderId: booked.metadata['order_id'] ?? null,
    status: booked.status,
    amount: BigInt(booked.amount),
    currency: booked.currency.toUpperCase(),
  };
}
