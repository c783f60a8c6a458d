/** What the order service says; its OpenAPI document is the contract. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly description?: string;
  readonly unitPrice: Money;
  readonly available: number;
}

export type OrderStatus =
  | 'placed'
  | 'approved'
  | 'rejected'
  | 'paid'
  | 'payment_failed'
  | 'cancelled'
  | 'booked'
  | 'refunded';

export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: Money;
}

export interface Order {
  readonly id: string;
  readonly status: OrderStatus;
  readonly version: number;
  readonly customerId: string;
  readonly lines: readonly OrderLine[];
  readonly total: Money;
  readonly placedAt: string;
  /** The steps so far, each with the time of the fact. */
  readonly history?: readonly { readonly status: OrderStatus; readonly at: string }[];
  readonly reason?: string;
  readonly cancelRequested?: boolean;
}

export interface OrderList {
  readonly data: readonly Order[];
  readonly nextCursor: string | null;
}
