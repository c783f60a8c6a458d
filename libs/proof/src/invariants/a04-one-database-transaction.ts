import { eventId, orderPlacedId, topics, type EventType } from '@checkout/events';
import type { Evidence } from '../evidence/evidence.js';
import type {
  OrderLineRow,
  OrderRow,
  OrdersDatabase,
  OutboxRow,
  PaymentRow,
} from '../evidence/rows.js';
import type { CounterExample, Invariant } from '../invariant.js';
import { doubledRows } from './doubled-rows.js';
import { keyFaults } from './order-keys.js';

export const a04: Invariant = {
  id: 'A04',
  says: 'An order has one key; its event was written by its own database transaction.',
  rule:
    'orders ⟷ outbox ∪ outbox_archive where type = OrderPlaced, by UUIDv5(order id): none is ' +
    'missing on either side, xid is equal, and the payload is the order built again from its ' +
    'rows; each order of the last 72 h has exactly one idempotency_keys row of its placing, each ' +
    'such row an order, which its answer names with its total, and which is what its request ' +
    'hash is of; orders, keys, events of outboxes, payments, attempts and ' +
    'products are each there once under one primary key; a row of a cancel names its order, ' +
    'and has a wish that is noted; it keeps a status of 201 or 202; a wish of the last ' +
    '72 h, on an order of any age, has such a row; ' +
    'cancel_requested_at and overdue_at ⟷ OrderCancelRequested and OrderOverdue; payments ' +
    'with an outcome ⟷ outbox of payments, where decided_xid = xid and refunded_xid = xid; a ' +
    'payment that has ended has them, and of each type it tells once, by UUIDv5(its approval)',
  everyOrder: true,
  judge({ evidence }) {
    const { orders, lines, outbox } = evidence.orders;
    const placed = new Map(
      outbox.filter(({ type }) => type === 'OrderPlaced').map((row) => [row.id, row]),
    );
    const linesOf = Map.groupBy(lines, ({ orderId }) => orderId);
    const known = new Set(orders.map(({ id }) => orderPlacedId(id)));
    const orphans = [...placed.values()].filter(({ id }) => !known.has(id));
    const staged = new Set(outbox.map(({ id }) => id));
    const outcomes = paymentOutcomes(evidence);
    const keys = keyFaults(evidence);
    return {
      rows: orders.length + placed.size + keys.rows + outcomes.rows,
      counterExamples: [
        ...orders.flatMap((order) => {
          const row = placed.get(orderPlacedId(order.id));
          return orderFaults(order, linesOf.get(order.id) ?? [], row).map((what) => ({
            what,
            orderId: order.id,
            eventId: row?.id,
          }));
        }),
        ...orphans.map(({ id, aggregateId }) => ({
          what: 'an OrderPlaced lies in the outbox and there is no such order',
          orderId: aggregateId,
          eventId: id,
        })),
        ...doubledRows(evidence),
        ...orders.flatMap((order) => laterFaults(order, staged)),
        ...aboutAnother(evidence.orders),
        ...keys.found,
        ...outcomes.counterExamples,
      ],
    };
  },
};

/** What was told later is about the order that its id follows from, and its customer. */
function aboutAnother({ orders, outbox }: OrdersDatabase): CounterExample[] {
  const byEvent = new Map(
    orders.flatMap((order) =>
      LATER.map((type) => [eventId(orderPlacedId(order.id), type), { order, type }] as const),
    ),
  );
  return outbox.flatMap(({ id, type, payload }): CounterExample[] => {
    if (!LATER.some((one) => one === type)) return [];
    const told = JSON.parse(payload) as { orderId: string; customerId?: string };
    const due = byEvent.get(id);
    const { orderId, customerId } = told;
    if (due?.type !== type) {
      return [{ what: `the id of this ${type} follows from no order`, orderId, eventId: id }];
    }
    const { order } = due;
    if (orderId !== order.id) {
      const what = `the ${type} of order ${order.id} tells of order ${orderId}`;
      return [order.id, orderId].map((one) => ({ what, orderId: one, eventId: id }));
    }
    if ((customerId ?? order.customerId) === order.customerId) return [];
    return [{ what: `its ${type} names another customer`, orderId, eventId: id }];
  });
}

const LATER = ['OrderCancelRequested', 'OrderOverdue'] as const;

/** What was noted about an order later, in the database transaction that tells of it. */
function laterFaults(
  { id, cancelRequested, overdue }: OrderRow,
  staged: ReadonlySet<string>,
): CounterExample[] {
  const later = [
    ['OrderCancelRequested', cancelRequested],
    ['OrderOverdue', overdue],
  ] as const;
  return later.flatMap(([type, noted]) => {
    const event = eventId(orderPlacedId(id), type);
    if (staged.has(event) === noted) return [];
    const what = noted
      ? `${type} is noted with the order, and not in the outbox`
      : `${type} lies in the outbox, and is not noted with the order`;
    return [{ what, orderId: id, eventId: event }];
  });
}

function orderFaults(
  order: OrderRow,
  lines: readonly OrderLineRow[],
  row: OutboxRow | undefined,
): string[] {
  if (!row) return ['the order is there, and no OrderPlaced in the outbox'];
  const faults: string[] = [];
  if (row.xid !== order.xid) {
    faults.push(`written by database transaction ${order.xid}, its event by ${row.xid}`);
  }
  if (row.payload !== payloadOf(order, lines)) {
    faults.push('the payload of its OrderPlaced is not the order');
  }
  return faults;
}

/** The bytes of OrderPlaced, made again from the tables. */
function payloadOf(order: OrderRow, lines: readonly OrderLineRow[]): string {
  const { currency } = order;
  const money = (amount: bigint) => ({ amount: String(amount), currency });
  return JSON.stringify({
    orderId: order.id,
    customerId: order.customerId,
    lines: lines.map(({ lineNumber, sku, quantity, unitPrice }) => {
      return { lineNumber, sku, quantity, unitPrice: money(unitPrice) };
    }),
    total: money(order.total),
    tax: money(order.tax),
    paymentMethod: order.paymentMethod,
    occurredAt: order.placedAt,
  });
}

function paymentOutcomes(evidence: Evidence): { rows: number; counterExamples: CounterExample[] } {
  const { payments, outbox } = evidence.payments;
  const told = outbox.filter(({ aggregateType }) => aggregateType === TOPIC_SUFFIX);
  const toldOf = Map.groupBy(told, ({ aggregateId }) => aggregateId);
  const decided = payments.flatMap(({ orderId, state, decidedXid, refundedXid }) => {
    const outcomes = [
      { xid: decidedXid, is: 'decided', tells: DECISIONS },
      { xid: refundedXid, is: 'refunded', tells: ['PaymentRefunded'] },
    ];
    return outcomes.map((one) => ({ orderId, state, ...one })).filter(({ xid }) => xid !== null);
  });
  const counterExamples = decided.flatMap(({ orderId, state, xid, is, tells }) => {
    if (state === 'QUARANTINED') return [];
    const told = (toldOf.get(orderId) ?? []).filter(({ type }) => tells.includes(type));
    if (told.some((event) => event.xid === xid)) return [];
    const what = `the payment is ${is} by database transaction ${xid}, which told nobody`;
    return [{ what, orderId }];
  });
  return {
    rows: decided.length + told.length,
    counterExamples: [
      ...counterExamples,
      ...payments.flatMap(endFault),
      ...told.flatMap(strange(payments)),
    ],
  };
}

/** What a payment comes to, in the event that tells of it. */
const DECISIONS = ['PaymentSucceeded', 'PaymentDeclined', 'PaymentCancelled'];

const ENDED = ['PAID', 'DECLINED', 'CANCELLED', 'REFUNDING', 'REFUNDED'];

function endFault({ orderId, state, decidedXid, refundedXid }: PaymentRow): CounterExample[] {
  const isNoted = decidedXid !== null && (refundedXid !== null || state !== 'REFUNDED');
  if (isNoted || !ENDED.includes(state)) return [];
  return [{ what: `its payment is ${state}, by no database transaction`, orderId }];
}

/** An order has one refund, which has the number 1. */
const SUBJECTS: Readonly<Record<string, string>> = { PaymentRefunded: '1' };

function strange(payments: readonly PaymentRow[]): (told: OutboxRow) => CounterExample[] {
  const approvals = new Map(payments.map((row) => [row.orderId, row.approvedEventId]));
  return ({ id, type, aggregateId: orderId }) => {
    const approval = approvals.get(orderId);
    if (approval && id === eventId(approval, type as EventType, SUBJECTS[type])) return [];
    const what = `a ${type} is told whose id does not follow from an approval of its order`;
    return [{ what, orderId, eventId: id }];
  };
}

const TOPIC_SUFFIX = topics.outboxPayment.name.slice('outbox.'.length);
