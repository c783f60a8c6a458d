import type { Payload } from '@checkout/events';
import type { Evidence } from '../evidence/evidence.js';
import type { CounterExample } from '../invariant.js';

/** What is told of a payment, against the attempt that the gateway and the table know it by. */
export function toldWrongly({ gateway, payments }: Evidence): CounterExample[] {
  const charged = new Set(gateway.books.charges.filter(hasSucceeded).map(({ key }) => key));
  const declined = new Set(
    payments.attempts.filter(({ state }) => state === 'DECLINED').map(({ key }) => key),
  );
  const reasons = new Map(payments.payments.map(({ orderId, reason }) => [orderId, reason]));
  return payments.outbox.flatMap(({ id, type, payload }) => {
    if (type === 'PaymentSucceeded') {
      const { orderId, attempt } = JSON.parse(payload) as Payload<'PaymentSucceeded'>;
      if (charged.has(`${orderId}:confirm:${attempt}`)) return [];
      const what = `attempt ${attempt} is told to have charged, which has not`;
      return [{ what, orderId, eventId: id }];
    }
    if (type !== 'PaymentDeclined') return [];
    const { orderId, attempt, declineCode } = JSON.parse(payload) as Payload<'PaymentDeclined'>;
    const isIts = OPERATIONS.some((one) => declined.has(`${orderId}:${one}:${attempt}`));
    const about = { orderId, eventId: id };
    if (!isIts) return [{ what: `attempt ${attempt} is told to be declined, it is not`, ...about }];
    const reason = reasons.get(orderId);
    if (reason === declineCode) return [];
    return [{ what: `is told to be declined as ${declineCode}, noted is ${reason}`, ...about }];
  });
}

/** An order whose intent nobody makes is declined before it is confirmed. */
const OPERATIONS = ['create', 'confirm'];

function hasSucceeded({ status }: { readonly status: string }): boolean {
  return status === 'succeeded';
}
