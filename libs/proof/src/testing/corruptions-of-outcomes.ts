import { topics } from '@checkout/events';
import type { Draft } from './draft.js';
import { committed, corruption, write, type Corruption, type DraftRecord } from './planting.js';
import { retell } from './retell.js';

const movedInTime: readonly Corruption[] = ['PaymentDeclined', 'PaymentSucceeded'].map((type) =>
  corruption('A23', `a ${type} tells of another time than is noted`, (draft) =>
    retell(draft, type, (told) => (told.occurredAt = '1999-01-01T00:00:00.000Z')),
  ),
);

const NOBODY = '018f0000-0000-7000-8000-00000000beef';

const retold: readonly Corruption[] = ['PaymentDeclined', 'PaymentCancelled'].flatMap((type) => [
  corruption('A23', `a ${type} tells of another amount`, (draft) =>
    retell(draft, type, ({ amount }) => (amount.amount = '1')),
  ),
  corruption('A23', `a ${type} names another intent`, (draft) =>
    retell(draft, type, (told) => (told.gatewayReference = 'pi_other')),
  ),
  corruption('A23', `a ${type} names another customer`, (draft) =>
    retell(draft, type, (told) => (told.customerId = NOBODY)),
  ),
]);

function unreadable(draft: Draft): DraftRecord {
  const topic = topics.ordersApproved.name;
  return write(draft, { topic, partition: 0, key: 'x', value: 'not JSON', headers: {} });
}

/** What payments have told, and what was never read of what they are told. */
export const corruptionsOfOutcomes: readonly Corruption[] = [
  ...retold,
  ...movedInTime,
  corruption('A23', 'a PaymentSucceeded tells of more pieces than were sold', (draft) =>
    retell(draft, 'PaymentSucceeded', ({ lines }) => {
      for (const line of lines) line.quantity += 1;
    }),
  ),
  ...['PaymentDeclined', 'PaymentCancelled'].map((type) =>
    corruption('A34', `a ${type} names another cause than an approval`, (draft) => {
      const [record] = committed(draft, 'outboxPayment', type);
      const row = draft.payments.outbox.find(({ id }) => id === record?.key);
      if (!record || !row) return false;
      row.causationId = '018f0000-0000-5000-8000-00000000dead';
      for (const one of committed(draft, 'outboxPayment')) {
        if (one.key === record.key) one.headers['causation-id'] = row.causationId;
      }
    }),
  ),
  corruption('A04', 'an outcome was told twice, under two ids', (draft) => {
    const [record] = committed(draft, 'outboxPayment', 'PaymentSucceeded');
    const row = draft.payments.outbox.find(({ id }) => id === record?.key);
    if (!record || !row) return false;
    const id = '018f0000-0000-5000-8000-00000000dead';
    const headers = { ...record.headers, id };
    const { topic, partition, offset } = write(draft, { ...record, key: id, headers });
    draft.payments.outbox.push({ ...row, id, xid: '5', published: { topic, partition, offset } });
  }),
  corruption('A04', 'a payment is paid by no database transaction', (draft) => {
    const payment = draft.payments.payments.find(({ state }) => state === 'PAID');
    if (!payment) return false;
    payment.decidedXid = null;
  }),
  corruption('A30', 'an approval that cannot be read was dropped', (draft) => {
    unreadable(draft);
  }),
  corruption('A30', 'an approval that cannot be read was parked by one group alone', (draft) => {
    const { topic, partition, offset } = unreadable(draft);
    const place = { topic, partition, offset };
    draft.recordings.planted.push(place);
    const row = { group: 'order.status', eventId: NOBODY, reason: 'no JSON' };
    draft.orders.parked.push({ ...row, ...place });
  }),
];
