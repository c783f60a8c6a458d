import type { Draft } from './draft.js';
import { committed, corruption, seenElsewhere, type Corruption } from './planting.js';

/** An attempt to create an intent that has worked, and its request. */
function creation(draft: Draft) {
  const attempt = draft.payments.attempts.find(({ operation, state }) => {
    return operation === 'create' && state === 'SUCCEEDED';
  });
  const request = draft.gateway.books.requests.find(({ id }) => attempt?.evidence === id);
  return attempt && request && { attempt, request };
}

/** What was written down too late, or says of itself what cannot be. */
export const corruptionsOfTimes: readonly Corruption[] = [
  corruption('A19', 'an attempt was noted after its request had been sent', (draft) => {
    const { attempt } = creation(draft) ?? {};
    if (!attempt) return false;
    attempt.createdAt += 600_000;
    attempt.decidedAt = attempt.createdAt;
  }),
  corruption('A19', 'an attempt was decided before it was made', (draft) => {
    const { attempt } = creation(draft) ?? {};
    if (!attempt) return false;
    attempt.decidedAt = attempt.createdAt - 5_000;
  }),
  corruption('A20', 'what has succeeded has a 500 for evidence', (draft) => {
    const { request } = creation(draft) ?? {};
    if (!request) return false;
    request.status = 500;
  }),
  corruption('A21', 'a refund was asked for before its charge', (draft) => {
    const { requests, refunds, charges } = draft.gateway.books;
    const refund = refunds.find(({ status }) => status === 'succeeded');
    const charge = charges.find(({ id }) => id === refund?.charge);
    const charged = requests.findIndex(({ key }) => key !== null && key === charge?.key);
    if (charged < 0) return false;
    const asked = requests.filter(({ key }) => key === refund?.key);
    for (const one of asked) requests.splice(requests.indexOf(one), 1);
    requests.splice(charged, 0, ...asked);
  }),
  corruption('A08', 'a stage has passed what it says to have aborted', (draft) => {
    for (const { events } of draft.recordings.consumed ?? []) {
      const ended = events.find((one) => one.kind === 'ended' && one.outcome === 'committed');
      if (ended?.kind !== 'ended') continue;
      ended.outcome = 'aborted';
      return true;
    }
    return false;
  }),
  corruption('A05', 'an event has a schema version that nobody reads', (draft) => {
    const [record] = committed(draft, 'outboxPayment', 'PaymentSucceeded');
    if (!record) return false;
    record.headers['schema-version'] = '99';
  }),
  corruption('A10', 'an output has a schema version that nobody reads', (draft) => {
    const [record] = committed(draft, 'ordersApproved');
    if (!record) return false;
    record.headers['schema-version'] = '99';
  }),
  corruption('A05', 'a PaymentSucceeded was written outside of any Kafka transaction', (draft) => {
    const [record] = committed(draft, 'outboxPayment', 'PaymentSucceeded');
    if (!record) return false;
    Object.assign(record, { transactional: false, producerId: -1n, epoch: -1 });
  }),
  seenElsewhere(
    corruption(
      'A03',
      'under a key without an answer lies another request than was sent',
      (draft) => {
        const all = draft.recordings.history ?? [];
        const heard = new Set(all.filter(({ result }) => result === 'ok').map(({ key }) => key));
        const row = draft.orders.keys.find(({ key }) => {
          return !heard.has(key) && all.some((one) => one.key === key);
        });
        if (!row) return false;
        for (const one of all) if (one.key === row.key) one.bodyHash = 'of another request';
      },
    ),
  ),
];
