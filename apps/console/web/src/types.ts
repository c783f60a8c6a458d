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

export interface CartLine {
  readonly sku: string;
  readonly quantity: number;
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

export interface Order {
  readonly id: string;
  readonly status: OrderStatus;
  readonly version: number;
  readonly customerId: string;
  readonly lines: readonly (CartLine & { readonly unitPrice: Money })[];
  readonly total: Money;
  readonly placedAt: string;
  readonly reason?: string;
}

export interface OrderList {
  readonly data: readonly Order[];
  readonly nextCursor: string | null;
}
