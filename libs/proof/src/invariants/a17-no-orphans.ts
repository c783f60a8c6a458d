import type { Evidence } from '../evidence/evidence.js';
import type { AttemptRow, PaymentRow } from '../evidence/rows.js';
import type { CounterExample, Invariant } from '../invariant.js';

export const a17: Invariant = {
  id: 'A17',
  says: 'Everything the gateway has done was asked for by an attempt, and the other way round.',
  rule:
    'charges and refunds of the books have an attempt with their key and order; a SUCCEEDED ' +
    'attempt has its intent, charge, cancelled intent or refund at the gateway; an intent that ' +
    'its payment does not name was never charged',
  judge({ evidence }) {
    const { books, intents } = evidence.gateway;
    const succeeded = evidence.payments.attempts.filter(({ state }) => state === 'SUCCEEDED');
    return {
      rows: books.charges.length + books.refunds.length + intents.length + succeeded.length,
      counterExamples: [
        ...unasked(evidence),
        ...strayIntents(evidence),
        ...unfounded(evidence, succeeded),
      ],
    };
  },
};

function unasked({ gateway, payments }: Evidence): CounterExample[] {
  const byKey = new Map(payments.attempts.map((attempt) => [attempt.key, attempt]));
  const moved = [
    ...gateway.books.charges.map((row) => ({ ...row, operation: 'confirm' })),
    ...gateway.books.refunds.map((row) => ({ ...row, operation: 'refund' })),
  ];
  return moved.flatMap(({ id, key, orderId, operation }) => {
    const attempt = byKey.get(key ?? '');
    if (attempt?.operation === operation && attempt.orderId === orderId) return [];
    const what = attempt
      ? `${id} was made by a ${attempt.operation} of order ${attempt.orderId}`
      : `${id} was made without an attempt (key ${key})`;
    return [{ what, orderId: orderId ?? undefined }];
  });
}

function strayIntents({ gateway, payments }: Evidence): CounterExample[] {
  const owner = new Map(payments.payments.map(({ orderId, intentId }) => [orderId, intentId]));
  const charged = new Set(
    gateway.books.charges
      .filter(({ status }) => status === 'succeeded')
      .map(({ paymentIntent }) => paymentIntent),
  );
  return gateway.intents.flatMap(({ id, orderId }) => {
    if (orderId !== null && owner.get(orderId) === id) return [];
    const about = { orderId: orderId ?? undefined };
    if (orderId === null || !owner.has(orderId)) {
      return [{ what: `intent ${id} belongs to no payment`, ...about }];
    }
    if (!charged.has(id)) return [];
    return [{ what: `intent ${id} was charged and is not the one of its payment`, ...about }];
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
