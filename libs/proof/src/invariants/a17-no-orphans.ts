import type { Evidence } from '../evidence/evidence.js';
import type { AttemptRow, IntentRow, PaymentRow } from '../evidence/rows.js';
import type { CounterExample, Invariant } from '../invariant.js';

export const a17: Invariant = {
  id: 'A17',
  says: 'Everything the gateway has done was asked for by an attempt, and the other way round.',
  rule:
    'an attempt has a payment; an intent has an attempt to create one for its order, and a ' +
    'request; charges and refunds of the books have an attempt with their key and order, and one ' +
    'with it, and no key has made two; a SUCCEEDED attempt has its intent, charge, cancelled ' +
    'intent or refund at the gateway; the intent of a payment is as its payment is: succeeded ' +
    '(PAID, REFUNDING, REFUNDED), canceled (CANCELLED), without a payment method (DECLINED; or ' +
    'canceled); an intent that its payment does not name was never charged, and is canceled',
  judge({ evidence }) {
    const { books, intents } = evidence.gateway;
    const succeeded = evidence.payments.attempts.filter(({ state }) => state === 'SUCCEEDED');
    return {
      rows: books.charges.length + books.refunds.length + intents.length + succeeded.length,
      counterExamples: [
        ...unasked(evidence),
        ...strayIntents(evidence),
        ...madeByNobody(evidence),
        ...ofNoPayment(evidence),
        ...unfounded(evidence, succeeded),
      ],
    };
  },
};

function unasked({ gateway, payments }: Evidence): CounterExample[] {
  const { charges, refunds, requests } = gateway.books;
  const byKey = new Map(payments.attempts.map((attempt) => [attempt.key, attempt]));
  const posted = new Set(requests.filter(({ method }) => method === 'POST').map(({ key }) => key));
  const moved = [
    ...charges.map((row) => ({ ...row, operation: 'confirm' })),
    ...refunds.map((row) => ({ ...row, operation: 'refund' })),
  ];
  const used = new Set<string | null>();
  return moved.flatMap(({ id, key, orderId, operation }) => {
    const attempt = byKey.get(key ?? '');
    const about = { orderId: orderId ?? undefined };
    if (!attempt) return [{ what: `${id} was made without an attempt (key ${key})`, ...about }];
    if (attempt.operation !== operation || attempt.orderId !== orderId) {
      const maker = `a ${attempt.operation} of order ${attempt.orderId}`;
      return [{ what: `${id} was made by ${maker}`, ...about }];
    }
    if (!posted.has(key))
      return [{ what: `${id} was made, and nobody has asked for it`, ...about }];
    if (used.has(key)) return [{ what: `${id} is the second that key ${key} has made`, ...about }];
    used.add(key);
    return [];
  });
}

/** What the gateway's intent may be when a payment has come to its end. */
const ENDS: Readonly<Record<string, readonly string[]>> = {
  PAID: ['succeeded'],
  REFUNDING: ['succeeded'],
  REFUNDED: ['succeeded'],
  CANCELLED: ['canceled'],
  // It waits for another card, which nobody will name: no attempt of it is open.
  DECLINED: ['requires_payment_method', 'canceled'],
  // It was given up before anything was asked of the gateway.
  VOIDED: [],
};
/** Its intent may be there and not be noted yet. */
const BEING_MADE = ['CREATING', 'CANCELLING'];

function strayIntents({ gateway, payments }: Evidence): CounterExample[] {
  const owner = new Map(payments.payments.map((row) => [row.orderId, row]));
  const charged = new Set(
    gateway.books.charges
      .filter(({ status }) => status === 'succeeded')
      .map(({ paymentIntent }) => paymentIntent),
  );
  return gateway.intents.flatMap((intent) => {
    const { id, orderId } = intent;
    const payment = owner.get(orderId ?? '');
    const what = payment
      ? intentFault(intent, { payment, isCharged: charged.has(id) })
      : `intent ${id} belongs to no payment`;
    return what === undefined ? [] : [{ what, orderId: orderId ?? undefined }];
  });
}

function intentFault(
  { id, status }: IntentRow,
  { payment, isCharged }: { payment: PaymentRow; isCharged: boolean },
): string | undefined {
  const { intentId, state } = payment;
  if (intentId === id) {
    if (ENDS[state]?.includes(status) ?? true) return undefined;
    return `intent ${id} is ${status}, and its payment is ${state}`;
  }
  if (isCharged) return `intent ${id} was charged and is not the one of its payment`;
  if (status === 'canceled' || (intentId === null && BEING_MADE.includes(state))) return undefined;
  return `intent ${id} is ${status}, and is not the one of its payment`;
}

/** The creation of an intent is noted, and was asked for, before it is there. */
function madeByNobody({ gateway, payments }: Evidence): CounterExample[] {
  const creations = payments.attempts.filter(({ operation }) => operation === 'create');
  const noted = new Set(creations.map(({ orderId }) => orderId));
  const posted = gateway.books.requests.filter(({ method, path }) => {
    return method === 'POST' && path === '/v1/payment_intents';
  });
  const asked = new Set(posted.map(({ key }) => key?.split(':')[0]));
  return gateway.intents.flatMap(({ id, orderId }) => {
    if (orderId === null) return [];
    if (!noted.has(orderId)) return [{ what: `intent ${id} was made without an attempt`, orderId }];
    if (asked.has(orderId)) return [];
    return [{ what: `intent ${id} was made, and nobody has asked for it`, orderId }];
  });
}

function ofNoPayment({ payments }: Evidence): CounterExample[] {
  const known = new Set(payments.payments.map(({ orderId }) => orderId));
  return payments.attempts
    .filter(({ orderId }) => !known.has(orderId))
    .map(({ operation, attempt, orderId }) => {
      return { what: `${operation} attempt ${attempt} belongs to no payment`, orderId };
    });
}

function unfounded(evidence: Evidence, succeeded: readonly AttemptRow[]): CounterExample[] {
  const payments = new Map(evidence.payments.payments.map((row) => [row.orderId, row]));
  const isThere = lookUp(evidence);
  return succeeded.flatMap(({ orderId, operation, attempt }) => {
    if (isThere(operation, payments.get(orderId))) return [];
    const what = `${operation} attempt ${attempt} has succeeded, and the gateway has nothing of it`;
    return [{ what, orderId }];
  });
}

function lookUp({
  gateway,
}: Evidence): (operation: string, payment: PaymentRow | undefined) => boolean {
  const intents = new Map(gateway.intents.map((intent) => [intent.id, intent]));
  const { charges, refunds } = gateway.books;
  const charged = new Set(
    charges.filter(({ status }) => status === 'succeeded').map((row) => row.paymentIntent),
  );
  const refunded = new Set(refunds.map(({ paymentIntent }) => paymentIntent));
  return (operation, payment) => {
    const id = payment?.intentId ?? '';
    switch (operation) {
      case 'create':
        return intents.has(id);
      case 'confirm':
        return charged.has(id);
      case 'cancel':
        return intents.get(id)?.status === 'canceled';
      default:
        return refunded.has(id);
    }
  };
}
