import type { Draft } from './draft.js';
import { declinedBy, failedBy, uncharged, untold } from './gateway-answers.js';
import { asked, corruption, ordersThatAre, type Corruption } from './planting.js';

type Payment = Draft['payments']['payments'][number];
type Attempt = Draft['payments']['attempts'][number];

function paymentThatIs(draft: Draft, state: string): Payment | undefined {
  return draft.payments.payments.find((payment) => payment.state === state && payment.intentId);
}

function attemptsOf(draft: Draft, { orderId }: Payment, operation: string): Attempt[] {
  return draft.payments.attempts.filter((one) => {
    return one.orderId === orderId && one.operation === operation;
  });
}

function intentOf(draft: Draft, { intentId }: Payment) {
  const intent = draft.gateway.intents.find(({ id }) => id === intentId);
  if (!intent) throw new Error(`there is no intent ${intentId}`);
  return intent;
}

function undeclined(draft: Draft): Payment | undefined {
  const payment = paymentThatIs(draft, 'DECLINED');
  if (!payment) return undefined;
  uncharged(draft, payment);
  return payment;
}

const REFUSES_NOTHING = [null, 200, 399, 401, 402, 403, 409, 429, 500] as const;
const FAILS_NOTHING = [null, 200, 400, 499] as const;

const refusals: readonly Corruption[] = [
  ...REFUSES_NOTHING.map((status) =>
    corruption('A20', `a card was declined by an answer of ${status}`, (draft) =>
      declinedBy(draft, status),
    ),
  ),
  ...FAILS_NOTHING.map((status) =>
    corruption('A20', `a refund has failed by an answer of ${status}`, (draft) =>
      failedBy(draft, status),
    ),
  ),
  corruption('A20', 'an order was declined by guess: the gateway has declined nothing', (draft) => {
    return undeclined(draft) !== undefined;
  }),
  corruption('A20', 'an order was declined whose card was never tried', (draft) => {
    const payment = undeclined(draft);
    if (!payment) return false;
    const { books } = draft.gateway;
    const { orderId, intentId } = payment;
    books.requests = books.requests.filter((one) => {
      return one.orderId !== orderId || !one.path.endsWith('/confirm');
    });
    const path = `/v1/payment_intents/${intentId}`;
    for (const attempt of attemptsOf(draft, payment, 'confirm')) {
      attempt.evidence = asked(draft, { orderId, method: 'GET', path, key: null });
    }
  }),
  corruption('A20', 'a payment is declined of which no attempt was', (draft) => {
    const payment = paymentThatIs(draft, 'DECLINED');
    const declined = draft.payments.attempts.find(
      ({ orderId, state }) => orderId === payment?.orderId && state === 'DECLINED',
    );
    if (!declined) return false;
    declined.state = 'FAILED';
  }),
  corruption('A20', 'a refund is noted as failed that the gateway knows nothing of', (draft) => {
    const payment = paymentThatIs(draft, 'REFUNDED');
    const [refund] = payment ? attemptsOf(draft, payment, 'refund') : [];
    if (!refund) return false;
    const { key, createdAt, orderId } = refund;
    const before = { ...refund, state: 'FAILED', createdAt: createdAt - 10, decidedAt: createdAt };
    Object.assign(refund, { attempt: 2, key: `${orderId}:refund:2` });
    const { requests, refunds } = draft.gateway.books;
    for (const one of [...requests, ...refunds]) if (one.key === key) one.key = refund.key;
    const path = `/v1/payment_intents/${payment?.intentId}`;
    before.evidence = asked(draft, { orderId, method: 'GET', path, key: null });
    requests.sort((a, b) => Number(b.method === 'GET') - Number(a.method === 'GET'));
    draft.payments.attempts.push(before);
  }),
  corruption('A20', 'the evidence of an outcome was asked for something else', (draft) => {
    const payment = paymentThatIs(draft, 'PAID');
    if (!payment) return false;
    const [create] = attemptsOf(draft, payment, 'create');
    const [confirm] = attemptsOf(draft, payment, 'confirm');
    if (!create || !confirm) return false;
    create.evidence = confirm.evidence;
  }),
  corruption('A20', 'the evidence of an outcome is a list that nobody has asked for', (draft) => {
    const payment = paymentThatIs(draft, 'PAID');
    const [create] = payment ? attemptsOf(draft, payment, 'create') : [];
    if (!create) return false;
    create.evidence = 'found in the list of intents';
  }),
];

const intents: readonly Corruption[] = [
  corruption('A17', 'a payment is cancelled whose intent is still open', (draft) => {
    const payment = draft.payments.payments.find((one) => {
      const isCancelled = one.state === 'CANCELLED' && one.intentId;
      return isCancelled && attemptsOf(draft, one, 'confirm').length === 0;
    });
    if (!payment) return false;
    const cancels = attemptsOf(draft, payment, 'cancel').map(({ key }) => key);
    const isOther = ({ key }: { key: string | null }) => !cancels.includes(key ?? '');
    draft.payments.attempts = draft.payments.attempts.filter(isOther);
    draft.gateway.books.requests = draft.gateway.books.requests.filter(isOther);
    intentOf(draft, payment).status = 'requires_payment_method';
    untold(draft, payment);
  }),
  ...['requires_confirmation', 'succeeded'].map((status) =>
    corruption('A17', `a payment is declined whose intent is ${status}`, (draft) => {
      const payment = paymentThatIs(draft, 'DECLINED');
      if (!payment) return false;
      intentOf(draft, payment).status = status;
    }),
  ),
  corruption('A17', 'an order has a second intent, which is open', (draft) => {
    const payment = paymentThatIs(draft, 'PAID');
    if (!payment) return false;
    const second = { ...intentOf(draft, payment), id: 'pi_second' };
    draft.gateway.intents.push({ ...second, status: 'requires_payment_method' });
  }),
  corruption('A17', 'a charge was made that nobody has asked for', (draft) => {
    const payment = paymentThatIs(draft, 'PAID');
    const charge = draft.gateway.books.charges.find(({ orderId, status }) => {
      return orderId === payment?.orderId && status === 'succeeded';
    });
    const confirm = draft.payments.attempts.find(({ key }) => key === charge?.key);
    if (!payment || !confirm) return false;
    const { books } = draft.gateway;
    books.requests = books.requests.filter(({ key }) => key !== confirm.key);
    const { orderId } = payment;
    const path = `/v1/payment_intents/${payment.intentId}`;
    confirm.evidence = asked(draft, { orderId, method: 'GET', path, key: null });
  }),
  corruption('A17', 'a key has two charges that failed', (draft) => {
    const { books, events } = draft.gateway;
    const failed = books.charges.find(({ status }) => status === 'failed');
    if (!failed) return false;
    const { orderId, paymentIntent: intentId } = failed;
    books.charges.push({ ...failed, id: 'ch_again' });
    const type = 'payment_intent.payment_failed';
    events.push({ id: 'evt_again', type, orderId, intentId, acknowledged: 0 });
  }),
];

/** What orders and payments were made of. */
const facts: readonly Corruption[] = [
  corruption('A36', 'two orders have each other’s payment', (draft) => {
    const [one, other] = draft.orders.facts.filter(({ kind }) => kind === 'paid');
    if (!one || !other) return false;
    [one.orderId, other.orderId] = [other.orderId, one.orderId];
  }),
  corruption('A36', 'an order is paid by its approval', (draft) => {
    const paid = draft.orders.facts.find(({ kind }) => kind === 'paid');
    const approved = draft.orders.facts.find(({ orderId, kind }) => {
      return kind === 'approved' && orderId === paid?.orderId;
    });
    if (!paid || !approved) return false;
    Object.assign(paid, { ...approved, kind: 'paid' });
  }),
  corruption('A36', 'a payment is a fact about an order that is not there, too', (draft) => {
    const paid = draft.orders.facts.find(({ kind }) => kind === 'paid');
    if (!paid) return false;
    draft.orders.facts.push({ ...paid, orderId: NOBODY });
  }),
  corruption('A36', 'a payment is there that nothing calls for', (draft) => {
    const known = new Set(draft.payments.payments.map(({ orderId }) => orderId));
    const order = ordersThatAre(draft, 'rejected').find(({ id }) => !known.has(id));
    if (!order) return false;
    const nothing = { amount: null, tax: null, currency: null, fee: null, intentId: null };
    const events = { approvedEventId: null, cancelEventId: null, reason: null };
    const ends = { decidedAt: null, decidedXid: null, refundedAt: null, refundedXid: null };
    const row = { orderId: order.id, state: 'VOIDED', ...nothing, ...events, ...ends };
    draft.payments.payments.push({ ...row, refundReference: null });
  }),
];

const NOBODY = '018f0000-0000-7000-8000-00000000beef';

/** What our books say of the gateway, and what it has to show. */
export const corruptionsOfGateway: readonly Corruption[] = [...refusals, ...intents, ...facts];
