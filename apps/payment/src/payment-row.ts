import type { OrderLine } from '@checkout/events';
import type { Payment } from './payment.js';
import type { PaymentState } from './payment-state.js';

/** A payment as its table has it; one that is VOIDED has none of these facts yet. */
export interface PaymentRow {
  order_id: string;
  customer_id: string;
  amount: string;
  tax: string;
  currency: string;
  payment_method: string;
  lines: OrderLine[];
  approved_event_id: string;
  traceparent: string;
  state: PaymentState;
  payment_intent_id: string | null;
  last_charge_id: string | null;
  tries: number;
}

const COLUMNS = [
  'order_id',
  'customer_id',
  'amount',
  'tax',
  'currency',
  'payment_method',
  'lines',
  'approved_event_id',
  'traceparent',
  'state',
  'payment_intent_id',
  'last_charge_id',
  'tries',
] as const satisfies readonly (keyof PaymentRow)[];

/** For a SELECT or a RETURNING; `table` is the name or the alias that the statement gives it. */
export function paymentColumns(table: string): string {
  return COLUMNS.map((column) => `${table}.${column}`).join(', ');
}

export function paymentOf(row: PaymentRow): Payment {
  const { currency } = row;
  return {
    orderId: row.order_id,
    customerId: row.customer_id,
    amount: { amount: row.amount, currency },
    tax: { amount: row.tax, currency },
    paymentMethod: row.payment_method,
    lines: row.lines,
    approvedEventId: row.approved_event_id,
    traceparent: row.traceparent,
    state: row.state,
    intentId: row.payment_intent_id,
    lastChargeId: row.last_charge_id,
    tries: row.tries,
  };
}
