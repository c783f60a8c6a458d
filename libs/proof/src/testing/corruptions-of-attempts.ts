import type { Draft } from './draft.js';
import { asked, committed, corruption, rewrite, type Corruption } from './planting.js';
import { retell } from './retell.js';

type Attempt = Draft['payments']['attempts'][number];

function attemptOf(draft: Draft, operation: string): Attempt | undefined {
  return draft.payments.attempts.find((one) => {
    return one.operation === operation && one.attempt === 1 && one.state === 'SUCCEEDED';
  });
}

function renamed(draft: Draft, attempt: Attempt, key: string): void {
  const { requests, charges, refunds } = draft.gateway.books;
  for (const row of [...requests, ...charges, ...refunds])
    if (row.key === attempt.key) row.key = key;
  attempt.key = key;
}

/** An attempt that came to nothing at the gateway, and its request there. */
function failedAttempt(
  draft: Draft,
  of: Pick<Attempt, 'orderId' | 'operation'>,
  path: string,
): void {
  const key = `${of.orderId}:${of.operation}:1`;
  const evidence = asked(draft, { orderId: of.orderId, path, key });
  const request = draft.gateway.books.requests.find(({ id }) => id === evidence);
  if (request) request.status = 500;
  const times = { createdAt: request?.created ?? 0, decidedAt: (request?.created ?? 0) + 1 };
  draft.payments.attempts.push({ ...of, attempt: 1, key, state: 'FAILED', evidence, ...times });
}

const keys: readonly Corruption[] = [
  ...['confirm', 'refund'].map((operation) =>
    corruption('A18', `the key of a ${operation} is that of another attempt`, (draft) => {
      const attempt = attemptOf(draft, operation);
      if (!attempt) return false;
      renamed(draft, attempt, `${attempt.orderId}:${operation}:7`);
    }),
  ),
  ...['confirm', 'cancel'].map((operation) =>
    corruption('A18', `a ${operation} was asked of the intent of another order`, (draft) => {
      const { requests } = draft.gateway.books;
      const request = requests.find(({ path }) => path.endsWith(`/${operation}`));
      const other = draft.gateway.intents.find(({ orderId }) => orderId !== request?.orderId);
      if (!request || !other) return false;
      const path = `/v1/payment_intents/${other.id}/${operation}`;
      for (const one of requests) if (one.key === request.key) one.path = path;
    }),
  ),
];

const ends: readonly Corruption[] = [
  ...['QUARANTINED', 'LOST'].map((state) =>
    corruption('A20', `an attempt is ${state}, and its payment went on`, (draft) => {
      const attempt = attemptOf(draft, 'confirm');
      if (!attempt) return false;
      Object.assign(attempt, { state, decidedAt: null });
    }),
  ),
  corruption('A30', 'money is on its way back for ever', ({ payments }) => {
    const paid = payments.payments.find((one) => one.state === 'PAID' && !one.cancelEventId);
    if (!paid) return false;
    paid.state = 'REFUNDING';
  }),
  corruption('A17', 'what was given up before its approval has an intent', (draft) => {
    const { payments, attempts } = draft.payments;
    const voided = payments.find(({ state, intentId }) => state === 'VOIDED' && intentId === null);
    const order = draft.orders.orders.find(({ id }) => id === voided?.orderId);
    if (!voided || !order) return false;
    const { id: orderId, total: amount, currency } = order;
    const key = `${orderId}:create:1`;
    const evidence = asked(draft, { orderId, path: '/v1/payment_intents', key });
    const created = draft.gateway.books.requests.find(({ id }) => id === evidence)?.created ?? 0;
    const intent = { id: 'pi_late', status: 'requires_payment_method', paymentMethod: null };
    draft.gateway.intents.push({ ...intent, amount, currency, orderId });
    const times = { createdAt: created, decidedAt: created };
    const made = { operation: 'create', attempt: 1, key, state: 'SUCCEEDED', evidence, ...times };
    attempts.push({ orderId, ...made });
    voided.intentId = intent.id;
  }),
];

const unwanted: readonly Corruption[] = [
  ...['refund', 'cancel'].map((operation) =>
    corruption('A21', `a ${operation} was tried that nobody has wished`, (draft) => {
      const paid = draft.payments.payments.find(({ state, cancelEventId }) => {
        return state === 'PAID' && !cancelEventId;
      });
      if (!paid) return false;
      const cancel = `/v1/payment_intents/${paid.intentId}/cancel`;
      const path = operation === 'cancel' ? cancel : '/v1/refunds';
      failedAttempt(draft, { orderId: paid.orderId, operation }, path);
    }),
  ),
  corruption('A17', 'an intent was tried to be made for an order that was rejected', (draft) => {
    const owned = new Set(draft.payments.payments.map(({ orderId }) => orderId));
    const order = draft.orders.orders.find(
      (one) => one.status === 'rejected' && !owned.has(one.id),
    );
    if (!order) return false;
    failedAttempt(draft, { orderId: order.id, operation: 'create' }, '/v1/payment_intents');
  }),
  corruption('A17', 'an intent is there that no attempt has made', (draft) => {
    const attempt = attemptOf(draft, 'create');
    if (!attempt) return false;
    const isOther = ({ key }: { readonly key: string | null }) => key !== attempt.key;
    draft.payments.attempts = draft.payments.attempts.filter(isOther);
    draft.gateway.books.requests = draft.gateway.books.requests.filter(isOther);
  }),
];

const times: readonly Corruption[] = [
  corruption('A19', 'a charge was asked for before its intent was', (draft) => {
    const { requests } = draft.gateway.books;
    const attempt = attemptOf(draft, 'confirm');
    const from = requests.findIndex(({ key }) => key !== null && key === attempt?.key);
    const to = requests.findIndex(({ key }) => key === `${attempt?.orderId}:create:1`);
    const [request] = from < 0 || to < 0 ? [] : requests.splice(from, 1);
    if (!request || !attempt) return false;
    requests.splice(to, 0, { ...request, created: requests[to]!.created });
  }),
  corruption('A20', 'a look from before it was asked shows that a charge succeeded', (draft) => {
    const { requests } = draft.gateway.books;
    const attempt = attemptOf(draft, 'confirm');
    const payment = draft.payments.payments.find(({ orderId }) => orderId === attempt?.orderId);
    const at = requests.findIndex(({ key }) => key !== null && key === attempt?.key);
    if (!attempt || !payment || at < 0) return false;
    const path = `/v1/payment_intents/${payment.intentId}`;
    const look = { ...requests[at]!, id: 'req_early', method: 'GET', path, key: null, status: 200 };
    requests.splice(at, 0, look);
    attempt.evidence = look.id;
  }),
  corruption('A20', 'a request that was answered with nothing shows a success', (draft) => {
    const attempt = attemptOf(draft, 'confirm');
    const request = draft.gateway.books.requests.find(({ id }) => id === attempt?.evidence);
    if (!request) return false;
    request.status = null;
  }),
];

const DAY_MS = 24 * 3_600_000;

/** By hours, which no clock is wrong by. */
const outOfTime: readonly Corruption[] = [
  corruption(
    'A19',
    'a charge was known to have been made hours before it was asked for',
    (draft) => {
      const attempt = attemptOf(draft, 'confirm');
      if (!attempt) return false;
      for (const one of draft.gateway.books.requests) {
        if (one.key === attempt.key) one.created += DAY_MS;
      }
    },
  ),
  corruption('A19', 'an order was charged a day before it was placed', (draft) => {
    const attempt = attemptOf(draft, 'create');
    if (!attempt?.decidedAt) return false;
    attempt.createdAt -= DAY_MS;
    attempt.decidedAt -= DAY_MS;
    for (const one of draft.gateway.books.requests) {
      if (one.key === attempt.key) one.created -= DAY_MS;
    }
  }),
  corruption('A21', 'money went back a day before anybody wished it', (draft) => {
    const attempt = attemptOf(draft, 'refund');
    const row = draft.orders.outbox.find(({ type, aggregateId }) => {
      return type === 'OrderCancelRequested' && aggregateId === attempt?.orderId;
    });
    if (!row) return false;
    const wish = JSON.parse(row.payload) as { occurredAt: string };
    const occurredAt = new Date(Date.parse(wish.occurredAt) + DAY_MS).toISOString();
    row.payload = JSON.stringify({ ...wish, occurredAt });
    for (const one of committed(draft, 'outboxOrder')) {
      if (one.key === row.id) rewrite(draft, one, row.payload);
    }
  }),
];

const told: readonly Corruption[] = [
  ...['PaymentSucceeded', 'PaymentDeclined'].map((type) =>
    corruption('A16', `a ${type} names an attempt that never was`, (draft) =>
      retell(draft, type, (one) => (one.attempt = 9)),
    ),
  ),
  corruption('A16', 'a payment is told to be declined for another reason than is noted', (draft) =>
    retell(draft, 'PaymentDeclined', (one) => (one.declineCode = 'stolen_card')),
  ),
];

const notes: readonly Corruption[] = [
  corruption('A04', 'a charge was told by the database transaction of its refund', (draft) => {
    const refunded = draft.payments.payments.find(({ state }) => state === 'REFUNDED');
    if (!refunded) return false;
    const { decidedXid, refundedXid } = refunded;
    Object.assign(refunded, { decidedXid: refundedXid, refundedXid: decidedXid });
  }),
  corruption('A21', 'a payment that stands notes a refund', ({ payments }) => {
    const paid = payments.payments.find(({ state }) => state === 'PAID');
    if (!paid) return false;
    paid.refundReference = 're_nothing';
  }),
  corruption('A16', 'a payment that was declined notes a fee', ({ payments }) => {
    const declined = payments.payments.find(({ state }) => state === 'DECLINED');
    if (!declined) return false;
    declined.fee = 500n;
  }),
  corruption('A32', 'a secret stands in the reason that a customer reads', (draft) => {
    const order = draft.orders.orders.find(({ status }) => status === 'rejected');
    if (!order) return false;
    draft.recordings.canaries.push('whsec_in_a_reason');
    const reason = 'Sorry: whsec_in_a_reason';
    order.reason = reason;
    for (const row of [...draft.orders.history, ...draft.orders.facts]) {
      if (row.orderId === order.id && row.reason !== null) row.reason = reason;
    }
  }),
];

export const corruptionsOfAttempts: readonly Corruption[] = [
  ...[...keys, ...ends, ...unwanted, ...times, ...outOfTime, ...told, ...notes],
];
