import { minorUnits } from '@checkout/money';
import type { BookedCharge, BookedRefund } from '../evidence/books.js';
import type { Evidence } from '../evidence/evidence.js';
import type { OrderLineRow, OrderRow, PaymentRow } from '../evidence/rows.js';
import type { CounterExample, Invariant } from '../invariant.js';
import type { LogView, SeenEvent } from '../log-view.js';
import { entryOf, type Entry } from '../model/book.js';
import { moneyOf } from './money-of.js';

export const a23: Invariant = {
  id: 'A23',
  says: 'Every charge and refund is booked, as the order and the gateway say, and nothing else is.',
  rule:
    'PaymentSucceeded and PaymentRefunded ⟷ LedgerEntry of kind charge and refund, by ' +
    'transaction id; what is booked, and what was told, is the double entry over orders.total, ' +
    'orders.tax, the fee of the charge in the gateway’s books and its reference there: each ' +
    'account, each amount, the currency; every fact about a payment names the customer and the ' +
    'lines of its order and the time that is noted with the payment, and one in which no money ' +
    'moved the order’s total and its intent',
  judge({ evidence, log }) {
    const truth = truthOf(evidence);
    const due = new Map<string, { readonly entry: Entry; readonly told: Entry; id: string }>();
    for (const fact of log.events('outboxPayment')) {
      const [entry, told] = [entryOf(truth(fact)), entryOf(fact)];
      if (entry && told) due.set(entry.transactionId, { entry, told, id: fact.id });
    }
    const byId = firstBooked(log);
    const facts = log.events('outboxPayment');
    const wrongIn = retold(evidence);
    return {
      rows: due.size + byId.size + facts.length,
      counterExamples: [
        ...[...due].flatMap(([transactionId, { entry, told, id }]) => {
          const what =
            fault('booked', entry, byId.get(transactionId)) ?? fault('told', entry, told);
          if (what === undefined) return [];
          const named = new Set([entry.orderId, byId.get(transactionId)?.orderId ?? entry.orderId]);
          return [...named].map((orderId) => ({ what, orderId, eventId: id }));
        }),
        ...[...byId].flatMap(([transactionId, { orderId, kind }]) => {
          if (due.has(transactionId)) return [];
          const what = `a ${kind} is booked as ${transactionId} and never happened`;
          return [{ what, orderId }];
        }),
        ...facts.flatMap((fact): CounterExample[] => {
          const wrong = wrongIn(fact);
          if (wrong.length === 0) return [];
          const others = wrong.join(' and ');
          const what = `its ${fact.type} has another ${others} than its order or payment`;
          return [{ what, orderId: fact.payload.orderId, eventId: fact.id }];
        }),
      ],
    };
  },
};

const KINDS = ['charge', 'refund'];

/** Of an entry that is written again A24 speaks. */
function firstBooked(log: LogView): ReadonlyMap<string, Entry> {
  const first = new Map<string, Entry>();
  for (const { payload } of log.events('ledger')) {
    const { transactionId, kind } = payload;
    if (KINDS.includes(kind) && !first.has(transactionId)) first.set(transactionId, payload);
  }
  return first;
}

type Fact = Parameters<typeof entryOf>[0];

/**
 * A fact with the amounts of the order and the references and fees of the gateway. What neither of
 * them knows stays as it was told: that it is missing is for A04 and A17 to say.
 */
function truthOf(evidence: Evidence): (fact: Fact) => Fact {
  const orders = new Map(evidence.orders.orders.map((order) => [order.id, order]));
  const money = moneyOf(evidence);
  return (fact) => {
    const order = orders.get(fact.payload.orderId);
    if (!order) return fact;
    const { charges = [], refunds = [] } = money.get(order.id) ?? {};
    switch (fact.type) {
      case 'PaymentSucceeded':
        return asCharged(fact, order, charges);
      case 'PaymentRefunded':
        return asRefunded(fact, order, refunds);
      default:
        return fact;
    }
  };
}

function asCharged(
  fact: SeenEvent<'PaymentSucceeded'>,
  order: OrderRow,
  charges: readonly BookedCharge[],
): Fact {
  const charge = named(fact, charges, ({ paymentIntent }) => paymentIntent);
  const { payload } = fact;
  const fee = charge ? (charge.fee ?? 0n) : minorUnits(payload.fee);
  const gatewayReference = charge?.paymentIntent ?? payload.gatewayReference;
  const common = { ...amountsOf(order), fee: inCurrencyOf(order, fee), gatewayReference };
  return { ...fact, payload: { ...payload, ...common } };
}

function asRefunded(
  fact: SeenEvent<'PaymentRefunded'>,
  order: OrderRow,
  refunds: readonly BookedRefund[],
): Fact {
  const refund = named(fact, refunds, ({ id }) => id);
  const gatewayReference = refund?.id ?? fact.payload.gatewayReference;
  return { ...fact, payload: { ...fact.payload, ...amountsOf(order), gatewayReference } };
}

function amountsOf(order: OrderRow) {
  return { amount: inCurrencyOf(order, order.total), tax: inCurrencyOf(order, order.tax) };
}

function inCurrencyOf({ currency }: OrderRow, amount: bigint) {
  return { amount: String(amount), currency };
}

/** What a fact refers to, or else what there is of its order. */
function named<Row>(
  { payload }: SeenEvent<'PaymentSucceeded' | 'PaymentRefunded'>,
  rows: readonly Row[],
  referenceOf: (row: Row) => string,
): Row | undefined {
  return rows.find((row) => referenceOf(row) === payload.gatewayReference) ?? rows[0];
}

function fault(how: 'booked' | 'told', due: Entry, found: Entry | undefined): string | undefined {
  if (!found) return `the ${due.kind} is not ${how}`;
  if (found.orderId !== due.orderId) return `is ${how} for order ${found.orderId}`;
  if (found.kind !== due.kind) return `is ${how} as ${found.kind}, not ${due.kind}`;
  if (found.currency !== due.currency) return `is ${how} in ${found.currency}, not ${due.currency}`;
  if (found.gatewayReference !== due.gatewayReference) {
    return `is ${how} as ${found.gatewayReference}, at the gateway it is ${due.gatewayReference}`;
  }
  const [legs, wanted] = [legsOf(found), legsOf(due)];
  return legs === wanted ? undefined : `is ${how} as ${legs}, not as ${wanted}`;
}

function legsOf({ legs }: Entry): string {
  return legs
    .map(({ account, direction, amount }) => `${direction} ${account} ${amount}`)
    .toSorted()
    .join('; ');
}

/** What a fact says otherwise than order and payment do; amounts that are booked are seen there. */
function retold({ orders, payments }: Evidence): (fact: Fact) => string[] {
  const byId = new Map(orders.orders.map((order) => [order.id, order]));
  const linesOf = Map.groupBy(orders.lines, ({ orderId }) => orderId);
  const paymentOf = new Map(payments.payments.map((row) => [row.orderId, row]));
  return (fact) => {
    const order = byId.get(fact.payload.orderId);
    if (!order) return [];
    const payment = paymentOf.get(order.id);
    return [
      ...otherThanOrdered(fact, order, linesOf.get(order.id) ?? []),
      ...otherThanNoted(fact, payment),
    ];
  };
}

const MOVES = ['PaymentSucceeded', 'PaymentRefunded'];

function otherThanOrdered(
  { type, payload }: Fact,
  { customerId, total, currency }: OrderRow,
  ordered: readonly OrderLineRow[],
): string[] {
  const { amount } = payload;
  const told = payload.lines.map((line) => wordsOf({ ...line, ...line.unitPrice }));
  const lines = ordered.map((line) => wordsOf({ ...line, amount: line.unitPrice, currency }));
  const isTotal = amount.amount === String(total) && amount.currency === currency;
  return [
    ...(payload.customerId === customerId ? [] : ['customer']),
    ...(told.toSorted().join() === lines.toSorted().join() ? [] : ['lines']),
    ...(MOVES.includes(type) || isTotal ? [] : ['amount']),
    ...(monies(payload).every((one) => one.currency === currency) ? [] : ['currency']),
  ];
}

/** Also those that the double entry takes for the order’s own. */
function monies(payload: Fact['payload']) {
  const { amount } = payload;
  const fee = 'fee' in payload ? [payload.fee] : [];
  const tax = 'tax' in payload ? [payload.tax] : [];
  return [amount, ...fee, ...tax];
}

function otherThanNoted({ type, payload }: Fact, payment: PaymentRow | undefined): string[] {
  const { intentId, decidedAt = null, refundedAt = null } = payment ?? {};
  const isIts = payload.gatewayReference === (intentId ?? '');
  const notedAt = type === 'PaymentRefunded' ? refundedAt : decidedAt;
  return [
    ...(MOVES.includes(type) || isIts ? [] : ['reference']),
    ...(notedAt === null || notedAt === payload.occurredAt ? [] : ['time']),
  ];
}

interface ToldLine {
  readonly lineNumber: number;
  readonly sku: string;
  readonly quantity: number;
  readonly amount: string | bigint;
  readonly currency: string;
}

function wordsOf({ lineNumber, sku, quantity, amount, currency }: ToldLine): string {
  return `${lineNumber} ${sku} ${quantity} ${amount} ${currency}`;
}
