import { eventId, orderPlacedId, partitionOf, topics } from '@checkout/events';
import type { Draft } from './draft.js';
import {
  committed,
  corruption,
  overlook,
  payloadOf,
  rewrite,
  type Corruption,
} from './planting.js';
import { CANCEL } from './simulated-shop.js';

type Operation = NonNullable<Draft['recordings']['history']>[number];

/** A client has heard nothing of an order that it has placed, or of a wish of its own. */
function unheard(draft: Draft, op: Operation['op']): string | undefined {
  const all = draft.recordings.history ?? [];
  const heard = all.find((one) => one.op === op && one.result === 'ok');
  const orderId = heard?.orderId ?? undefined;
  const isUnheard = (one: Operation) => {
    return one.key === heard?.key || (one.orderId === orderId && (op === 'place' || one.op === op));
  };
  for (const one of all.filter(isUnheard).filter(({ result }) => result !== 'sent')) {
    Object.assign(one, { result: 'unknown', orderId: null, responseHash: null });
  }
  if (op === 'place') overlook(draft, orderId);
  return orderId;
}

type Leave = (orders: Draft['orders'], orderId: string) => void;

function half(op: Operation['op'], what: string, leave: Leave): Corruption {
  return corruption('A03', `a lost answer to a ${op} has left no ${what}`, (draft) => {
    const orderId = unheard(draft, op);
    if (orderId === undefined) return false;
    leave(draft.orders, orderId);
  });
}

function withoutEvent(orders: Draft['orders'], id: string): void {
  orders.outbox = orders.outbox.filter((row) => row.id !== id);
}

/** What a request has left, where a part of it is missing. */
const halves: readonly Corruption[] = [
  half('place', 'order', (orders, orderId) => {
    orders.orders = orders.orders.filter(({ id }) => id !== orderId);
  }),
  half('place', 'line', (orders, orderId) => {
    orders.lines = orders.lines.filter((line) => line.orderId !== orderId);
  }),
  half('place', 'OrderPlaced', (orders, orderId) => withoutEvent(orders, orderPlacedId(orderId))),
  half('cancel', 'OrderCancelRequested', (orders, orderId) =>
    withoutEvent(orders, eventId(orderPlacedId(orderId), 'OrderCancelRequested')),
  ),
  half('cancel', 'wish', (orders, orderId) => {
    for (const order of orders.orders) if (order.id === orderId) order.cancelRequested = false;
  }),
  corruption('A01', 'a request had a yes, and its order is not there', (draft) => {
    const heard = draft.recordings.history?.find(({ op, result }) => {
      return op === 'place' && result === 'ok';
    });
    if (!heard) return false;
    draft.orders.orders = draft.orders.orders.filter(({ id }) => id !== heard.orderId);
  }),
  corruption(
    'A04',
    'the answer kept under a key does not say that a cancel was asked for',
    (draft) => {
      const row = draft.orders.keys.find(({ route }) => route === CANCEL);
      if (!row) return false;
      row.response = JSON.stringify({ id: row.orderId });
      draft.recordings.history = null;
    },
  ),
  corruption('A04', 'a key stands for an order that is not there', (draft) => {
    const [row] = draft.orders.keys;
    if (!row) return false;
    const orderId = '018f0000-0000-7000-8000-00000000beef';
    draft.orders.keys.push({ ...row, key: 'of nobody', orderId });
    draft.recordings.history = null;
  }),
];

/** Groups are held against what is theirs. */
const groups: readonly Corruption[] = [
  corruption('A08', 'an event has the mark of another group only', (draft) => {
    const row = draft.orders.inbox.find(({ eventId: id }) =>
      committed(draft, 'ordersApproved').some(({ headers }) => headers['id'] === id),
    );
    if (!row) return false;
    row.group = 'order.archive';
  }),
  corruption('A08', 'a delivery was published and still waits in the outbox', (draft) => {
    const row = draft.orders.outbox.find(({ type }) => type === 'StockAdded');
    if (!row) return false;
    row.published = null;
  }),
  corruption('A08', 'what payment has told still waits in its outbox', (draft) => {
    const row = draft.payments.outbox.find(({ type }) => type === 'PaymentSucceeded');
    if (!row) return false;
    row.published = null;
  }),
];

/** What a stage has written, in one thing each. */
const outputs: readonly Corruption[] = [
  corruption('A10', 'an output has the key of another order', (draft) => {
    const [record] = committed(draft, 'checks', 'OrderOpened');
    const other = draft.orders.orders.find(({ id }) => {
      const isSame = partitionOf(id, topics.checks.partitions) === record?.partition;
      return isSame && id !== record.key;
    });
    if (!record || !other) return false;
    record.key = other.id;
    rewrite(draft, record, record.value ?? '');
  }),
  corruption('A10', 'a rejection says another time than its input', (draft) => {
    const [record] = committed(draft, 'ordersRejected');
    if (!record) return false;
    const occurredAt = '1999-01-01T00:00:00.000Z';
    rewrite(draft, record, JSON.stringify({ ...payloadOf<object>(record), occurredAt }));
  }),
  corruption('A10', 'an order was rejected for another reason than there was', (draft) => {
    const [record] = committed(draft, 'ordersRejected');
    if (!record) return false;
    const payload = payloadOf<{ reasons: { code: string }[] }>(record);
    const [reason] = payload.reasons;
    if (!reason) return false;
    reason.code = reason.code === 'fraud' ? 'out-of-stock' : 'fraud';
    rewrite(draft, record, JSON.stringify(payload));
  }),
];

/** A part of a thing, where all of it is due. */
export const corruptionsOfHalves: readonly Corruption[] = [...halves, ...groups, ...outputs];
