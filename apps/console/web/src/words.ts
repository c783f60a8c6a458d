import { formatMoney } from './money';
import type { Order, OrderStatus } from './types';

/** Every status in one or two words, for lists and steps. */
export const STATUS_NAMES: Record<OrderStatus, string> = {
  placed: 'Placed',
  approved: 'Approved',
  rejected: 'Rejected',
  paid: 'Paid',
  payment_failed: 'Payment failed',
  cancelled: 'Cancelled',
  booked: 'Booked',
  refunded: 'Refunded',
};

/** Where the order stands, in one sentence for the person who waits. */
export function headline(order: Order): string {
  const total = formatMoney(order.total);
  const sentences: Record<OrderStatus, string> = {
    placed: 'We have your order and are checking it.',
    approved: 'Everything is set aside for you. We are charging your card.',
    paid: `Your card was charged ${total}. We are entering it in the books.`,
    booked: `Your card was charged ${total} once, and the sale is in the books.`,
    rejected: 'We could not accept this order. Nothing was charged.',
    payment_failed: 'The payment did not go through.',
    cancelled: 'The order was cancelled. Nothing was charged.',
    refunded: `The order was cancelled after the payment. ${total} went back to your card.`,
  };
  return sentences[order.status];
}

/** What a step means, once it has happened. */
export function stepText(order: Order, status: OrderStatus): string {
  const total = formatMoney(order.total);
  const texts: Record<OrderStatus, string> = {
    placed: 'Your order is saved.',
    approved: 'The items are reserved and the order passed its checks.',
    paid: `Your card was charged ${total}.`,
    booked: 'The charge is entered in the books.',
    rejected: 'Nothing was charged, and nothing stays reserved.',
    payment_failed: 'The items go back on the shelf.',
    cancelled: 'Nothing was charged. The items go back on the shelf.',
    refunded: `${total} was returned, and the books say so.`,
  };
  return texts[status];
}

/** Before it has happened. */
export const EXPECTED_TEXT: Partial<Record<OrderStatus, string>> = {
  approved: 'Reserve the items and check the order.',
  paid: 'Charge your card.',
  booked: 'Enter the charge in the books.',
};

export const TEST_CARDS = [
  { id: 'pm_card_visa', name: 'Succeeds', hint: 'The bank pays' },
  { id: 'pm_card_visa_chargeDeclined', name: 'Declined', hint: 'The bank refuses' },
  {
    id: 'pm_card_visa_chargeDeclinedInsufficientFunds',
    name: 'Insufficient funds',
    hint: 'Empty account',
  },
  {
    id: 'pm_card_chargeDeclinedExpiredCard',
    name: 'Expired card',
    hint: 'Out of date',
  },
] as const;

export function shortId(orderId: string): string {
  return orderId.slice(-8);
}
