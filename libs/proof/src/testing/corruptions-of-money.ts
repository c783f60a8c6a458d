import type { Draft } from './draft.js';
import { LATE, asked, corruption, ordersThatAre, type Corruption } from './planting.js';

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

const REFUNDS = '/v1/refunds';
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
    const key = `${attempt.orderId}:create:2`;
    for (const one of draft.gateway.books.requests) if (one.key === attempt.key) one.key = key;
    Object.assign(attempt, { attempt: 2, key });
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
  corruption('A20', 'the evidence of an outcome is any text', (draft) => {
    const attempt = attemptOf(draft, 'confirm', 'SUCCEEDED');
    if (!attempt) return false;
    attempt.evidence = 'it will have worked';
  }),
  corruption(
    'A19',
    'an attempt was sent before it was known that the one before failed',
    (draft) => {
      const { requests } = draft.gateway.books;
      const second = draft.payments.attempts.find(({ attempt }) => attempt === 2);
      const sent = requests.filter(({ key }) => key === second?.key);
      if (sent.length === 0) return false;
      draft.gateway.books.requests = [...sent, ...requests.filter((one) => !sent.includes(one))];
    },
  ),
  corruption('A20', 'the evidence of an outcome is unknown at the gateway', (draft) => {
    const attempt = attemptOf(draft, 'confirm', 'SUCCEEDED');
    if (!attempt) return false;
    attempt.evidence = 'req_nowhere';
  }),
  corruption('A20', 'the evidence of an outcome is about another order', (draft) => {
    const attempt = attemptOf(draft, 'confirm', 'SUCCEEDED');
    const other = draft.payments.attempts.find(({ orderId }) => orderId !== attempt?.orderId);
    if (!attempt || !other) return false;
    attempt.evidence = other.evidence;
  }),
  corruption('A20', 'nobody knows when an outcome was decided', (draft) => {
    const attempt = attemptOf(draft, 'confirm', 'SUCCEEDED');
    if (!attempt) return false;
    attempt.decidedAt = null;
  }),
  corruption('A20', 'the request that made a charge is not in the gateway’s log', (draft) => {
    const { requests } = draft.gateway.books;
    const made = draft.payments.attempts.find(({ operation, state, key }) => {
      const sent = requests.filter((one) => one.key === key);
      return operation === 'confirm' && state === 'SUCCEEDED' && sent.length === 1;
    });
    if (!made) return false;
    draft.gateway.books.requests = requests.filter(({ key }) => key !== made.key);
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
    const times = { createdAt: LATE, decidedAt: LATE };
    const evidence = asked(draft, { orderId, path: REFUNDS, key });
    draft.payments.attempts.push({ ...attempt, state: 'SUCCEEDED', evidence, ...times });
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
  corruption('A16', 'a charge was given back, and made again one minor unit higher', (draft) => {
    const charge = chargeOf(draft, 'booked');
    const confirm = draft.payments.attempts.find(({ key }) => key === charge?.key);
    if (!charge || confirm?.attempt !== 1) return false;
    const { id, paymentIntent, currency, amount } = charge;
    const { orderId } = confirm;
    const late = { ...confirm, decidedAt: LATE };
    const again = { ...late, attempt: 2, key: `${orderId}:confirm:2` };
    const refund = { ...late, operation: 'refund', key: `${orderId}:refund:1` };
    const path = `/v1/payment_intents/${paymentIntent}/confirm`;
    again.evidence = asked(draft, { orderId, path, key: again.key });
    refund.evidence = asked(draft, { orderId, path: REFUNDS, key: refund.key });
    draft.payments.attempts.push({ ...again, createdAt: confirm.decidedAt ?? 0 }, refund);
    confirm.state = 'FAILED';
    const { charges: all, refunds } = draft.gateway.books;
    all.push({ ...charge, id: 'ch_again', amount: amount + 1n, key: again.key });
    const about = { id: 're_all', charge: id, paymentIntent, orderId, amount, currency };
    refunds.push({ ...about, status: 'succeeded', key: refund.key });
  }),
  corruption('A16', 'a payment notes another amount than its order has', (draft) => {
    const payment = draft.payments.payments.find(({ state }) => state === 'PAID');
    if (!payment?.amount) return false;
    payment.amount += 1n;
  }),
  corruption('A16', 'a payment notes another tax than its order contains', (draft) => {
    const payment = draft.payments.payments.find(({ state }) => state === 'PAID');
    if (!payment) return false;
    payment.tax = 0n;
  }),
  corruption('A16', 'a payment notes another fee than the gateway has taken', (draft) => {
    const payment = draft.payments.payments.find(({ state }) => state === 'PAID');
    if (!payment?.fee) return false;
    payment.fee += 1n;
  }),
  corruption('A16', 'an intent is about one minor unit more than its order', (draft) => {
    const intent = draft.gateway.intents.find(({ status }) => status === 'succeeded');
    if (!intent) return false;
    intent.amount += 1n;
  }),
  ...['FAILED', 'DECLINED'].map((state) =>
    corruption('A16', `the attempt that has charged is noted as ${state}`, (draft) => {
      const charge = chargeOf(draft, 'booked');
      const attempt = draft.payments.attempts.find(({ key }) => key === charge?.key);
      if (!attempt) return false;
      attempt.state = state;
    }),
  ),
  corruption('A21', 'the attempt that has given back is noted as failed', (draft) => {
    const attempt = attemptOf(draft, 'refund', 'SUCCEEDED');
    if (!attempt) return false;
    attempt.state = 'FAILED';
  }),
  corruption('A17', 'a charge was made without an attempt', (draft) => {
    const { charges: all } = draft.gateway.books;
    const charge = all.find(({ status }) => status === 'failed');
    if (!charge) return false;
    all.push({ ...charge, id: 'ch_unasked', key: `${charge.orderId}:confirm:9` });
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
  corruption('A21', 'a refund was made in two halves, under one key', (draft) => {
    const [refund] = draft.gateway.books.refunds;
    if (!refund) return false;
    const half = refund.amount / 2n;
    draft.gateway.books.refunds.push({ ...refund, id: 're_half', amount: half });
    refund.amount -= half;
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

export const corruptionsOfMoney: readonly Corruption[] = [...keysAndAttempts, ...charges];
