/** A charge or a refund, as the gateway has booked it. */
export interface Charge {
  readonly id: string;
  readonly orderId: string | null;
  readonly status: string;
  readonly amount: bigint;
  /** ISO 4217, in capitals. */
  readonly currency: string;
}

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

/** Every charge that the gateway has ever made, by its own append-only books. */
export function books(gatewayUrl: string): Promise<Charge[]> {
  return read(new URL('/books/charges', gatewayUrl));
}

/** Everything that it has ever paid back. */
export function refundBooks(gatewayUrl: string): Promise<Charge[]> {
  return read(new URL('/books/refunds', gatewayUrl));
}

async function read(url: URL): Promise<Charge[]> {
  const booked: Charge[] = [];
  let cursor: string | null = null;
  do {
    if (cursor) url.searchParams.set('cursor', cursor);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url.href} answered ${response.status}`);
    const page = (await response.json()) as Page;
    booked.push(...page.data.map(charge));
    cursor = page.nextCursor;
  } while (cursor);
  return booked;
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
