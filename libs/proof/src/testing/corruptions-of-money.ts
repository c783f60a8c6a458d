import { chargeTransactionId, partitionOf, topics } from '@checkout/events';
import type { Draft } from './draft.js';
import {
  committed,
  corruption,
  entriesOf,
  forgetAtLastAudit,
  hide,
  ordersThatAre,
  payloadOf,
  rewrite,
  rewriteEntry,
  write,
  type Corruption,
  type DraftEntry,
  type DraftRecord,
} from './planting.js';

type Charge = Draft['gateway']['books']['charges'][number];

function chargeOf(draft: Draft, ...statuses: string[]): Charge | undefined {
  const ids = ordersThatAre(draft, ...statuses).map(({ id }) => id);
  return draft.gateway.books.charges.find(
    ({ orderId, status }) => status === 'succeeded' && ids.includes(orderId ?? ''),
  );
}

function attemptOf(draft: Draft, operation: string, state: string) {
  return draft.payments.attempts.find((one) => one.operation === operation && one.state === state);
}

function posts(draft: Draft) {
  return draft.gateway.books.requests.filter(({ method }) => method === 'POST');
}

const DAY_MS = 24 * 3_600_000;

const keysAndAttempts: readonly Corruption[] = [
  corruption('A18', 'a key is the SDK’s own random one', (draft) => {
    const [post] = posts(draft);
    if (!post) return false;
    const key = 'stripe-node-retry-0d3c1c8e-7d5e-4b1a-9d8e-5f1c2b3a4d5e';
    draft.gateway.books.requests.push({ ...post, id: 'req_random', key });
  }),
  corruption('A18', 'a request has no key', (draft) => {
    const [post] = posts(draft);
    if (!post) return false;
    draft.gateway.books.requests.push({ ...post, id: 'req_bare', key: null });
  }),
  corruption('A18', 'a key was used for two requests', (draft) => {
    const [post] = posts(draft);
    if (!post) return false;
    const parametersHash = 'of something else';
    draft.gateway.books.requests.push({ ...post, id: 'req_other', parametersHash });
  }),
  corruption('A18', 'a request has the key of another order', (draft) => {
    const [first] = posts(draft);
    const other = posts(draft).find(({ orderId }) => orderId !== first?.orderId);
    if (!first || !other) return false;
    first.orderId = other.orderId;
  }),
  corruption('A19', 'a second attempt was made without a definite failure', (draft) => {
    const attempt = attemptOf(draft, 'confirm', 'SUCCEEDED');
    if (!attempt) return false;
    const number = attempt.attempt + 1;
    const key = `${attempt.orderId}:confirm:${number}`;
    const again = { ...attempt, attempt: number, key, state: 'DECLINED' };
    draft.payments.attempts.push({ ...again, createdAt: (attempt.decidedAt ?? 0) + 1 });
  }),
  corruption('A19', 'an attempt was made before the one before had failed', (draft) => {
    const failed = draft.payments.attempts.find(({ state }) => state === 'FAILED');
    const next = draft.payments.attempts.find(
      (one) =>
        one.orderId === failed?.orderId &&
        one.operation === failed.operation &&
        one.attempt === failed.attempt + 1,
    );
    if (!failed || !next) return false;
    next.createdAt = (failed.decidedAt ?? 0) - 60_000;
  }),
  corruption('A19', 'attempts have a hole', (draft) => {
    const attempt = attemptOf(draft, 'create', 'SUCCEEDED');
    if (!attempt) return false;
    attempt.attempt = 2;
  }),
  corruption('A20', 'an outcome is left unknown', (draft) => {
    const attempt = attemptOf(draft, 'confirm', 'SUCCEEDED');
    if (!attempt) return false;
    attempt.state = 'UNKNOWN';
  }),
  corruption('A20', 'an outcome was guessed', (draft) => {
    const attempt = attemptOf(draft, 'confirm', 'SUCCEEDED');
    if (!attempt) return false;
    attempt.evidence = null;
  }),
  corruption('A20', 'a key was sent again after a day, unlooked', (draft) => {
    const [post] = posts(draft);
    if (!post) return false;
    draft.gateway.books.requests.push({ ...post, id: 'req_late', created: post.created + DAY_MS });
  }),
];

const charges: readonly Corruption[] = [
  corruption('A15', 'an order is charged twice', (draft) => {
    const charge = chargeOf(draft, 'booked');
    if (!charge) return false;
    draft.gateway.books.charges.push({ ...charge, id: 'ch_again' });
  }),
  corruption('A15', 'an order is charged in two halves', (draft) => {
    const charge = chargeOf(draft, 'booked');
    if (!charge) return false;
    const half = charge.amount / 2n;
    draft.gateway.books.charges.push({ ...charge, id: 'ch_half', amount: half });
    charge.amount -= half;
  }),
  corruption('A15', 'a part of a charge went back', (draft) => {
    const charge = chargeOf(draft, 'booked');
    const refunded = draft.payments.attempts.some(
      ({ orderId, operation }) => orderId === charge?.orderId && operation === 'refund',
    );
    if (!charge || refunded) return false;
    const { orderId, paymentIntent, currency, amount } = charge;
    const key = `${orderId}:refund:1`;
    const about = { id: 're_part', charge: charge.id, paymentIntent, orderId, currency, key };
    draft.gateway.books.refunds.push({ ...about, amount: amount / 2n, status: 'succeeded' });
    const attempt = { orderId: orderId ?? '', operation: 'refund', attempt: 1, key };
    const times = { createdAt: 0, decidedAt: 1 };
    draft.payments.attempts.push({ ...attempt, state: 'SUCCEEDED', evidence: 'req', ...times });
  }),
  corruption('A16', 'a charge is one minor unit too high', (draft) => {
    const charge = chargeOf(draft, 'booked');
    if (!charge) return false;
    charge.amount += 1n;
  }),
  corruption('A16', 'a charge is in another currency', (draft) => {
    const charge = chargeOf(draft, 'booked');
    if (!charge) return false;
    charge.currency = 'USD';
  }),
  corruption('A17', 'a charge was made without an attempt', (draft) => {
    const charge = draft.gateway.books.charges.find(({ status }) => status === 'failed');
    if (!charge) return false;
    charge.key = `${charge.orderId}:confirm:9`;
  }),
  corruption('A17', 'a charge that an attempt has made is not in the books', (draft) => {
    const charge = chargeOf(draft, 'booked');
    if (!charge) return false;
    const { books } = draft.gateway;
    books.charges = books.charges.filter(({ id }) => id !== charge.id);
  }),
  corruption('A17', 'an intent belongs to no payment', (draft) => {
    const [intent] = draft.gateway.intents;
    if (!intent) return false;
    const orderId = '018f0000-0000-7000-8000-00000000beef';
    draft.gateway.intents.push({ ...intent, id: 'pi_stray', orderId });
  }),
  corruption('A21', 'more went back than was taken', (draft) => {
    const [refund] = draft.gateway.books.refunds;
    if (!refund) return false;
    refund.amount += 1n;
  }),
  corruption('A21', 'a refund was made twice', (draft) => {
    const [refund] = draft.gateway.books.refunds;
    if (!refund) return false;
    draft.gateway.books.refunds.push({ ...refund, id: 're_again' });
  }),
  corruption('A21', 'a refund that was told was not made', (draft) => {
    const [refund] = draft.gateway.books.refunds;
    if (!refund) return false;
    draft.gateway.books.refunds = draft.gateway.books.refunds.filter(({ id }) => id !== refund.id);
  }),
  corruption('A21', 'a refund is one minor unit short', (draft) => {
    const [refund] = draft.gateway.books.refunds;
    if (!refund) return false;
    refund.amount -= 1n;
  }),
];

function entry(draft: Draft, kind = 'charge'): DraftRecord | undefined {
  return entriesOf(draft, kind)[0];
}

function onEntry(
  draft: Draft,
  change: (entry: DraftEntry) => void,
  kind = 'charge',
): boolean | void {
  const record = entry(draft, kind);
  if (!record) return false;
  rewriteEntry(draft, record, change);
}

function drop(draft: Draft, record: DraftRecord): void {
  hide(draft, record);
  draft.ledger.entries = draft.ledger.entries.filter((row) => row.transactionId !== record.key);
  forgetAtLastAudit(draft, record.key);
}

function oneMore(leg: { amount: string } | undefined): void {
  if (leg) leg.amount = String(BigInt(leg.amount) + 1n);
}

const books: readonly Corruption[] = [
  corruption('A22', 'a leg is one minor unit too high', (draft) =>
    onEntry(draft, ({ legs }) => oneMore(legs[0])),
  ),
  corruption('A22', 'a leg is missing', (draft) => onEntry(draft, ({ legs }) => void legs.pop())),
  corruption('A22', 'a leg is negative', (draft) =>
    onEntry(draft, ({ legs }) => {
      if (legs[1]) legs[1].amount = `-${legs[1].amount}`;
    }),
  ),
  corruption('A23', 'an entry is one minor unit too high on both sides', (draft) =>
    onEntry(draft, ({ legs }) => {
      oneMore(legs.find(({ direction }) => direction === 'debit'));
      oneMore(legs.find(({ direction }) => direction === 'credit'));
    }),
  ),
  corruption('A23', 'an entry is in another currency', (draft) =>
    onEntry(draft, (one) => void (one.currency = 'USD')),
  ),
  corruption('A23', 'an entry is on another account', (draft) =>
    onEntry(draft, ({ legs }) => {
      if (legs[0]) legs[0].account = 'petty-cash';
    }),
  ),
  corruption('A23', 'a charge is not booked', (draft) => {
    const record = entry(draft);
    if (!record) return false;
    drop(draft, record);
  }),
  corruption('A23', 'a refund has no reversal', (draft) => {
    const record = entry(draft, 'refund');
    if (!record) return false;
    drop(draft, record);
  }),
  corruption('A23', 'an order that was not paid is booked', (draft) => {
    const record = entry(draft);
    const [order] = ordersThatAre(draft, 'payment_failed', 'rejected', 'cancelled');
    if (!record || !order) return false;
    const transactionId = chargeTransactionId(order.id);
    const booked = { ...payloadOf<DraftEntry>(record), orderId: order.id, transactionId };
    const value = JSON.stringify(booked);
    const id = '018f0000-0000-5000-8000-00000000dead';
    const headers = { ...record.headers, id };
    const place = partitionOf(transactionId, topics.ledger.partitions);
    const booking = { ...record, key: transactionId, partition: place, value, headers };
    const { topic, partition, offset } = write(draft, booking);
    draft.ledger.entries.push({ transactionId, entry: value });
    const fact = { orderId: order.id, kind: 'booked', eventId: id };
    draft.orders.facts.push({ ...fact, topic, partition, offset });
  }),
  corruption('A24', 'a row of the table is not what the topic says', (draft) => {
    const [row] = draft.ledger.entries;
    if (!row) return false;
    const changed = { ...(JSON.parse(row.entry) as DraftEntry), gatewayReference: 'pi_other' };
    row.entry = JSON.stringify(changed);
    forgetAtLastAudit(draft, row.transactionId);
  }),
  corruption('A24', 'a row of the table is missing', (draft) => {
    const [row] = draft.ledger.entries;
    if (!row) return false;
    draft.ledger.entries.shift();
    forgetAtLastAudit(draft, row.transactionId);
  }),
  corruption('A24', 'an entry was written again with other content', (draft) => {
    const record = entry(draft);
    if (!record) return false;
    forgetAtLastAudit(draft, record.key);
    const changed = { ...payloadOf<DraftEntry>(record), gatewayReference: 'pi_other' };
    write(draft, { ...record, value: JSON.stringify(changed) });
  }),
  corruption('A25', 'an entry is struck out on the topic', (draft) => {
    const record = entry(draft);
    if (!record) return false;
    forgetAtLastAudit(draft, record.key);
    write(draft, { ...record, value: null });
  }),
  corruption('A25', 'a row of the ledger was updated', (draft) => void (draft.ledger.changed = 1)),
  corruption('A25', 'a guard of the ledger is off', (draft) => void draft.ledger.guards.pop()),
  corruption('A25', 'an entry has changed since the last audit, wherever it is', (draft) => {
    const record = committed(draft, 'ledger').find(
      ({ key }) => key !== null && draft.recordings.checkpoint?.entries[key],
    );
    const hash = draft.recordings.checkpoint?.entries[record?.key ?? ''];
    if (!record?.key || !hash || !draft.recordings.checkpoint) return false;
    rewriteEntry(draft, record, (one) => void (one.gatewayReference = 'pi_other'));
    draft.recordings.checkpoint.entries[record.key] = hash;
  }),
  corruption('A26', 'the topic says something else than at the last audit', (draft) => {
    const record = committed(draft, 'ledger').find(
      ({ key }) => key !== null && draft.recordings.checkpoint?.entries[key],
    );
    if (!record) return false;
    const changed = { ...payloadOf<DraftEntry>(record), gatewayReference: 'pi_other' };
    rewrite(draft, record, JSON.stringify(changed));
  }),
];

export const corruptionsOfMoney: readonly Corruption[] = [...keysAndAttempts, ...charges, ...books];
