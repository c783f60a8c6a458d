import type { OrderView } from '@checkout/api';
import { isCharged, type OrderStatus } from './history';
import { formatMoney } from './money';

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

/** Where the order stands, in one sentence that is true of this order and of no other. */
export function headline(order: OrderView): string {
  const total = formatMoney(order.total);
  const name = `Order ${shortId(order.id)}`;
  const sentences: Record<OrderStatus, string> = {
    placed: `${name} is saved, and is being checked.`,
    approved: `Everything of order ${shortId(order.id)} is set aside. Your card is being charged.`,
    paid: `${name} is paid with ${total}. The sale is being entered in the books.`,
    booked: `${name} is complete: your card was charged ${total} once, and the books say so.`,
    rejected: `${name} could not be accepted. Nothing was charged.`,
    payment_failed: `${name} could not be paid.`,
    cancelled: `${name} is cancelled. Nothing was charged.`,
    refunded: `${name} is cancelled. ${total} went back to your card.`,
  };
  return sentences[order.status];
}

/** What a wish to cancel comes to while nobody has decided it. */
export function cancelHeadline(order: OrderView): string {
  return isCharged(order)
    ? `You asked to cancel. ${formatMoney(order.total)} is on its way back to your card.`
    : 'You asked to cancel. The charge is being stopped; if it went through, the money comes back.';
}

/** What a step means, once it has happened. */
export function stepText(order: OrderView, status: OrderStatus): string {
  const total = formatMoney(order.total);
  const texts: Record<OrderStatus, string> = {
    placed: 'The order and its event are saved, in one step.',
    approved: 'The items are reserved and the order passed its checks.',
    paid: `Your card was charged ${total}.`,
    booked: 'The charge is entered in the books.',
    rejected: 'Nothing was charged, and nothing stays reserved.',
    payment_failed: 'The items went back on the shelf.',
    cancelled: 'The charge was stopped in time. The items went back on the shelf.',
    refunded: `${total} was returned and the books say so. The items went back on the shelf.`,
  };
  return texts[status];
}

/** Before it has happened. */
export function expectedText(order: OrderView, status: OrderStatus): string {
  const texts: Partial<Record<OrderStatus, string>> = {
    approved: 'Reserve the items and check the order.',
    paid: 'Charge your card.',
    booked: 'Enter the charge in the books.',
    cancelled: 'Stop the charge, or return the money if it was taken already.',
    refunded: `Return ${formatMoney(order.total)} to your card.`,
  };
  return texts[status] ?? '';
}

export const TEST_CARDS = [
  { id: 'pm_card_visa', name: 'Succeeds', hint: 'The bank pays at once.' },
  { id: 'pm_card_visa_chargeDeclined', name: 'Declined', hint: 'The bank says no.' },
  {
    id: 'pm_card_visa_chargeDeclinedInsufficientFunds',
    name: 'Insufficient funds',
    hint: 'There is too little on the account.',
  },
  { id: 'pm_card_visa_slow', name: 'Slow', hint: 'The bank pays after about 5 seconds.' },
  {
    id: 'pm_card_visa_answerLost',
    name: 'Answer lost',
    hint: 'The bank pays, and its answer never arrives.',
  },
] as const;

export function shortId(orderId: string): string {
  return orderId.slice(-8);
}
