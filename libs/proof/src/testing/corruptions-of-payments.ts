import type { Draft } from './draft.js';
import { LATE, asked, corruption, ordersThatAre, type Corruption } from './planting.js';
import { calmOrder, quarantine, stopAtApproval, unasked } from './unpaid.js';

type Order = Draft['orders']['orders'][number];
type Attempt = Draft['payments']['attempts'][number];
type Charge = Draft['gateway']['books']['charges'][number];

function chargeOf(draft: Draft, order: Order | undefined): Charge | undefined {
  return draft.gateway.books.charges.find(({ orderId, status }) => {
    return status === 'succeeded' && orderId === order?.id;
  });
}

function attemptOf(draft: Draft, order: Order | undefined, operation: string): Attempt | undefined {
  return draft.payments.attempts.find((one) => {
    return one.orderId === order?.id && one.operation === operation;
  });
}

function refund(draft: Draft, charge: Charge, about: object): void {
  const { id, paymentIntent, orderId, amount, currency } = charge;
  const made = { id: 're_planted', charge: id, paymentIntent, orderId, amount, currency };
  draft.gateway.books.refunds.push({ ...made, status: 'succeeded', key: 'any', ...about });
}

function onCharge(plant: (draft: Draft, charge: Charge, order: Order) => boolean | void) {
  return (draft: Draft): boolean | void => {
    const order = calmOrder(draft);
    const charge = chargeOf(draft, order);
    return order && charge ? plant(draft, charge, order) : false;
  };
}

/** What was taken, what went back, and what the order has come to. */
const amounts: readonly Corruption[] = [
  corruption(
    'A15',
    'an order is charged twice, and as much of the first went back as the second is',
    onCharge((draft, charge) => {
      const amount = charge.amount / 3n;
      draft.gateway.books.charges.push({ ...charge, id: 'ch_third', amount });
      refund(draft, charge, { amount });
    }),
  ),
  corruption(
    'A21',
    'more went back of an order that is still paid than was taken',
    onCharge((draft, charge) => refund(draft, charge, { amount: charge.amount + 1n })),
  ),
  corruption(
    'A21',
    'all went back of an order that is still paid',
    onCharge((draft, charge) => refund(draft, charge, {})),
  ),
  corruption('A21', 'a charge was given back that was never made', (draft) => {
    const [row] = draft.gateway.books.refunds;
    if (!row) return false;
    row.charge = 'ch_nowhere';
  }),
  corruption('A21', 'a charge was given back in another currency', (draft) => {
    const [row] = draft.gateway.books.refunds;
    if (!row) return false;
    row.currency = 'USD';
  }),
  corruption('A21', 'a payment names another refund than the books have', (draft) => {
    const payment = draft.payments.payments.find(({ state }) => state === 'REFUNDED');
    if (!payment) return false;
    payment.refundReference = 're_nowhere';
  }),
  corruption('A16', 'a payment that was given back notes another fee', (draft) => {
    const payment = draft.payments.payments.find(({ state }) => state === 'REFUNDED');
    if (!payment?.fee) return false;
    payment.fee += 1n;
  }),
  corruption('A16', 'an order is booked of which the gateway has never heard', (draft) => {
    const order = calmOrder(draft);
    if (!order) return false;
    unasked(draft, order);
  }),
  corruption(
    'A16',
    'an order is charged, and a person must still look at its payment',
    onCharge((draft, _, order) => {
      quarantine(draft, order);
      stopAtApproval(draft, order);
    }),
  ),
  corruption('A30', 'an order waits for ever for a person to look at its payment', (draft) => {
    const order = calmOrder(draft);
    if (!order) return false;
    quarantine(draft, order);
    stopAtApproval(draft, order);
    unasked(draft, order);
  }),
  corruption('A36', 'an approval has its mark, and there is no payment', (draft) => {
    const order = calmOrder(draft);
    if (!order) return false;
    quarantine(draft, order);
    stopAtApproval(draft, order);
    unasked(draft, order);
    const { payments } = draft;
    payments.payments = payments.payments.filter(({ orderId }) => orderId !== order.id);
  }),
  corruption('A36', 'a wish to cancel has its mark, and its payment knows of none', (draft) => {
    const payment = draft.payments.payments.find(({ cancelEventId }) => cancelEventId);
    if (!payment?.approvedEventId) return false;
    payment.cancelEventId = null;
  }),
];

/** Who has made what. */
const makers: readonly Corruption[] = [
  corruption('A17', 'a refund was made without an attempt', (draft) => {
    const [row] = draft.gateway.books.refunds;
    if (!row) return false;
    row.key = `${row.orderId}:refund:9`;
  }),
  corruption(
    'A17',
    'a charge was made by the attempt to create its intent',
    onCharge((draft, charge, order) => {
      const create = attemptOf(draft, order, 'create');
      if (!create) return false;
      charge.key = create.key;
    }),
  ),
  corruption(
    'A17',
    'a charge was made by the attempt of another order',
    onCharge((draft, charge) => {
      const { attempts } = draft.payments;
      const other = attempts.find(({ operation, key }) => {
        return operation === 'confirm' && key !== charge.key;
      });
      if (!other) return false;
      charge.key = other.key;
    }),
  ),
  corruption(
    'A17',
    'an attempt has charged, whose charge has failed',
    onCharge((_, charge) => void (charge.status = 'failed')),
  ),
  corruption(
    'A17',
    'an attempt has created an intent that is not there',
    onCharge((draft, { paymentIntent }) => {
      draft.gateway.intents = draft.gateway.intents.filter(({ id }) => id !== paymentIntent);
    }),
  ),
  ...['cancel', 'refund'].map((operation) =>
    corruption(
      'A17',
      `a ${operation} has succeeded, and the charge stands`,
      onCharge((draft, { paymentIntent }, { id: orderId }) => {
        const key = `${orderId}:${operation}:1`;
        const cancel = `/v1/payment_intents/${paymentIntent}/cancel`;
        const path = operation === 'cancel' ? cancel : '/v1/refunds';
        const evidence = asked(draft, { orderId, path, key });
        const made = { orderId, operation, attempt: 1, key, state: 'SUCCEEDED', evidence };
        draft.payments.attempts.push({ ...made, createdAt: LATE, decidedAt: LATE });
      }),
    ),
  ),
  corruption(
    'A17',
    'an intent was charged, cancelled, and is not the one of its payment',
    onCharge((draft, charge, order) => {
      const payment = draft.payments.payments.find(({ orderId }) => orderId === order.id);
      const intent = draft.gateway.intents.find(({ id }) => id === charge.paymentIntent);
      const create = attemptOf(draft, order, 'create');
      const confirm = draft.payments.attempts.find(({ key }) => key === charge.key);
      if (!payment || !intent || !create || !confirm) return false;
      quarantine(draft, order);
      stopAtApproval(draft, order);
      payment.intentId = null;
      intent.status = 'canceled';
      confirm.state = 'FAILED';
      const isOther = ({ key }: { key: string | null }) => key !== create.key;
      draft.payments.attempts = draft.payments.attempts.filter(isOther);
      draft.gateway.books.requests = draft.gateway.books.requests.filter(isOther);
    }),
  ),
];

/** Keys, and what they were used for. */
const keys: readonly Corruption[] = [
  corruption('A18', 'a key of a refund was used to confirm', (draft) => {
    const sent = draft.gateway.books.requests.find(({ path }) => path === '/v1/refunds');
    const own = draft.gateway.books.requests.filter(({ key }) => key === sent?.key);
    for (const one of own) one.path = '/v1/payment_intents/pi_any/confirm';
    return own.length > 0;
  }),
  corruption('A18', 'a request was made by an attempt that nobody has noted', (draft) => {
    const [order] = ordersThatAre(draft, 'booked');
    if (!order) return false;
    const key = `${order.id}:confirm:9`;
    asked(draft, { orderId: order.id, path: '/v1/payment_intents/pi_any/confirm', key });
  }),
  corruption('A18', 'a key is longer than 255 characters', (draft) => {
    const attempt = attemptOf(draft, calmOrder(draft), 'confirm');
    if (!attempt) return false;
    const { orderId, key } = attempt;
    const long = `${orderId}:confirm:1${'0'.repeat(220)}`;
    const { requests, charges } = draft.gateway.books;
    for (const one of [...requests, ...charges]) if (one.key === key) one.key = long;
    attempt.key = long;
  }),
  corruption('A19', 'an attempt was sent before the one before had failed, and again', (draft) => {
    const { requests } = draft.gateway.books;
    const second = draft.payments.attempts.find(({ attempt }) => attempt === 2);
    const sent = requests.find(({ key }) => key === second?.key);
    if (!sent) return false;
    draft.gateway.books.requests = [{ ...sent, id: 'req_early' }, ...requests];
  }),
  ...['SENT', 'SUPERSEDED'].map((state) =>
    corruption('A20', `an attempt is left ${state}`, (draft) => {
      const attempt = draft.payments.attempts.find((one) => one.state === 'SUCCEEDED');
      if (!attempt) return false;
      attempt.state = state;
    }),
  ),
];

const HOUR_MS = 3_600_000;

/** A key is sent again a day later, after a look at something or other. */
const looked = (name: string, change: (look: Look, times: Times) => Look | false): Corruption =>
  corruption('A20', `a key was sent again after a day, ${name}`, (draft) => {
    const { requests } = draft.gateway.books;
    const post = requests.find(({ method, key }) => method === 'POST' && key !== null);
    const orderId = draft.orders.orders.find(({ id }) => id !== post?.orderId)?.id;
    if (!post || !orderId) return false;
    const again = { ...post, id: 'req_late', created: post.created + 24 * HOUR_MS };
    const look = { ...post, id: 'req_look', method: 'GET', key: null };
    const times = { first: post.created, last: again.created, another: orderId };
    const seen = change({ ...look, created: again.created - HOUR_MS }, times);
    if (!seen) return false;
    requests.push(again, seen);
  });

type Look = Draft['gateway']['books']['requests'][number];
interface Times {
  readonly first: number;
  readonly last: number;
  readonly another: string;
}

const looks: readonly Corruption[] = [
  looked('after a look at another order', (look, { another }) => ({ ...look, orderId: another })),
  looked('after a look from before it was first sent', (look, { first }) => {
    return { ...look, created: first - HOUR_MS };
  }),
  looked('and looked at only then', (look, { last }) => ({ ...look, created: last + 1 })),
];

/** Payments against the gateway’s books, where each of them looks right by itself. */
export const corruptionsOfPayments: readonly Corruption[] = [
  ...amounts,
  ...makers,
  ...keys,
  ...looks,
];
