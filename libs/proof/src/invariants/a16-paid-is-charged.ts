import type { Evidence } from '../evidence/evidence.js';
import type { IntentRow, OrderRow, PaymentRow } from '../evidence/rows.js';
import type { Invariant } from '../invariant.js';
import { moneyOf, NO_ORDER, type MoneyOfOrder } from './money-of.js';
import { notedAsFailed } from './noted.js';
import { toldWrongly } from './told-attempts.js';

export const a16: Invariant = {
  id: 'A16',
  says: 'An order is paid exactly if the gateway has charged it, and with exactly its total.',
  rule:
    'status in (paid, booked, refunded) ⟺ a succeeded charge with the order’s id; every charge, ' +
    'every intent and the payment (amount, tax, currency) have the total, tax and currency of ' +
    'the order, and the payment the fee of its charge, or none; every charge names an order ' +
    'that exists, and was made by no attempt that is noted as failed; an intent has the payment ' +
    'method of the order, or none unless it is charged; what is told of a payment names the ' +
    'attempt that has charged, or was declined, and the reason that is noted',
  everyOrder: true,
  judge({ evidence }) {
    const byId = new Map(evidence.orders.orders.map((order) => [order.id, order]));
    const money = moneyOf(evidence);
    const asked = askedFor(evidence);
    return {
      rows: money.size + asked.rows,
      counterExamples: [
        ...[...money].flatMap(([orderId, own]) => {
          const order = byId.get(orderId);
          const what = order
            ? (fault(order, own) ?? asked.fault(order, own))
            : chargedForNothing(orderId, own);
          return what === undefined ? [] : [{ what, orderId }];
        }),
        ...toldWrongly(evidence),
      ],
    };
  },
};

const PAID = ['paid', 'booked', 'refunded'];

function fault(order: OrderRow, { charges }: MoneyOfOrder): string | undefined {
  const [charge] = charges;
  const paid = PAID.includes(order.status);
  if (paid && !charge) return `is ${order.status}, and the gateway has charged nothing`;
  if (charge && !paid) return `is ${order.status}, and the gateway has charged ${charge.id}`;
  const other = charges.find((one) => !isTotal(one, order));
  return other && `${other.id} is ${sumOf(other)}, the order is ${sumOf(due(order))}`;
}

/** What was asked of the gateway, and is noted of it. */
function askedFor(evidence: Evidence) {
  const { payments, gateway } = evidence;
  const byOrder = new Map(payments.payments.map((row) => [row.orderId, row]));
  const failed = notedAsFailed(evidence);
  const intentsOf = Map.groupBy(gateway.intents, ({ orderId }) => orderId ?? NO_ORDER);
  return {
    rows: byOrder.size + gateway.intents.length,
    fault(order: OrderRow, { charges }: MoneyOfOrder): string | undefined {
      const payment = byOrder.get(order.id);
      const feeFault = payment && wrongFee(payment, charges);
      const asked = intentFault(order, intentsOf.get(order.id) ?? []) ?? noted(order, payment);
      return asked ?? feeFault ?? charges.map(failed).find((what) => what !== undefined);
    },
  };
}

function intentFault(order: OrderRow, intents: readonly IntentRow[]): string | undefined {
  const other = intents.find((intent) => !isTotal(intent, order));
  if (other) return `intent ${other.id} is ${sumOf(other)}, the order is ${sumOf(due(order))}`;
  const strange = intents.find(({ status, paymentMethod }) => {
    const isNone = paymentMethod === null && status !== 'succeeded';
    return !isNone && paymentMethod !== order.paymentMethod;
  });
  return strange && `intent ${strange.id} has the payment method ${strange.paymentMethod}`;
}

/** What was cancelled before its approval has no amounts yet. */
function noted(order: OrderRow, payment: PaymentRow | undefined): string | undefined {
  if (!payment || payment.approvedEventId === null) return undefined;
  if (isTotal(payment, order) && payment.tax === order.tax) return undefined;
  const wrong = `${sumOf(payment)} with ${payment.tax} of tax`;
  return `its payment is ${wrong}, the order is ${sumOf(due(order))} with ${order.tax}`;
}

const CHARGED = ['PAID', 'REFUNDING', 'REFUNDED'];
/** Before it was charged, or on the way back. */
const AT_ANY_TIME = 'QUARANTINED';

function wrongFee(
  { state, fee, intentId }: PaymentRow,
  charges: MoneyOfOrder['charges'],
): string | undefined {
  if (!CHARGED.includes(state) && !(state === AT_ANY_TIME && charges.length > 0)) {
    return fee === null ? undefined : `its payment is ${state} and notes a fee of ${fee}`;
  }
  const charge = charges.find(({ paymentIntent }) => paymentIntent === intentId);
  if (!charge || charge.fee === fee || (state === AT_ANY_TIME && fee === null)) return undefined;
  return `its payment notes a fee of ${fee}, ${charge.id} has one of ${charge.fee}`;
}

interface Sum {
  readonly amount: bigint | null;
  readonly currency: string | null;
}

function due({ total, currency }: OrderRow): Sum {
  return { amount: total, currency };
}

function isTotal({ amount, currency }: Sum, order: OrderRow): boolean {
  return amount === order.total && currency === order.currency;
}

function sumOf({ amount, currency }: Sum): string {
  return `${amount} ${currency}`;
}

function chargedForNothing(orderId: string, { charges }: MoneyOfOrder): string | undefined {
  const ids = charges.map(({ id }) => id).join(', ');
  if (ids === '') return undefined;
  return orderId === NO_ORDER
    ? `${ids} names no order`
    : `${ids} is for an order that is not there`;
}
