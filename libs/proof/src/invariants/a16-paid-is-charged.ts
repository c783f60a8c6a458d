import type { OrderRow } from '../evidence/rows.js';
import type { Invariant } from '../invariant.js';
import { moneyOf, NO_ORDER, type MoneyOfOrder } from './money-of.js';

export const a16: Invariant = {
  id: 'A16',
  says: 'An order is paid exactly if the gateway has charged it, and with exactly its total.',
  rule:
    'status in (paid, booked, refunded) ⟺ a succeeded charge with the order’s id; a lone charge ' +
    'has the total and the currency of the order; every charge names an order that exists',
  judge({ evidence }) {
    const byId = new Map(evidence.orders.orders.map((order) => [order.id, order]));
    const money = moneyOf(evidence);
    return {
      rows: money.size,
      counterExamples: [...money].flatMap(([orderId, own]) => {
        const order = byId.get(orderId);
        const what = order ? fault(order, own) : chargedForNothing(orderId, own);
        return what === undefined ? [] : [{ what, orderId }];
      }),
    };
  },
};

const PAID = ['paid', 'booked', 'refunded'];

function fault(order: OrderRow, { charges }: MoneyOfOrder): string | undefined {
  const [charge, another] = charges;
  const paid = PAID.includes(order.status);
  if (paid && !charge) return `is ${order.status}, and the gateway has charged nothing`;
  if (!charge) return undefined;
  if (!paid) return `is ${order.status}, and the gateway has charged ${charge.id}`;
  // Of several charges A15 speaks.
  if (another) return undefined;
  if (charge.amount === order.total && charge.currency === order.currency) return undefined;
  const due = `${order.total} ${order.currency}`;
  return `${charge.id} is ${charge.amount} ${charge.currency}, the order is ${due}`;
}

function chargedForNothing(orderId: string, { charges }: MoneyOfOrder): string | undefined {
  const ids = charges.map(({ id }) => id).join(', ');
  if (ids === '') return undefined;
  return orderId === NO_ORDER
    ? `${ids} names no order`
    : `${ids} is for an order that is not there`;
}
