import type { BookedRequest } from '../evidence/books.js';
import type { AttemptRow, PaymentRow } from '../evidence/rows.js';
import type { CounterExample, Invariant } from '../invariant.js';
import { unproven } from './proven.js';
import { declinedByNobody, unshown } from './refused.js';

export const a20: Invariant = {
  id: 'A20',
  says: 'Every unknown outcome was resolved, by looking and not by guessing.',
  rule:
    'every attempt is SUCCEEDED, DECLINED or FAILED, or QUARANTINED with its payment ' +
    '(or overtaken by the cancellation that decided it); each ' +
    'decided one says when, and names for ' +
    'evidence a request, an intent or a refund that the gateway has, of this attempt or a look ' +
    'at its order, or the list of intents that was read; no look ' +
    'from before it was asked; of one that has SUCCEEDED no request that was answered with a ' +
    '4xx or 5xx, or with nothing; one that is DECLINED or FAILED has a ' +
    'failed charge, a refusal or a stored failure under its key, or an intent in whose state it ' +
    'can come to nothing; a DECLINED payment has a DECLINED attempt; no key is sent again 23 h ' +
    'after its first use without a GET about its order since it was last sent',
  judge({ evidence }) {
    const { attempts, payments } = evidence.payments;
    const { requests } = evidence.gateway.books;
    const [isUnproven, isUnshown] = [unproven(evidence), unshown(evidence)];
    const isQuarantined = quarantined(payments);
    return {
      rows: attempts.length + requests.length,
      counterExamples: [
        ...attempts.flatMap((one) => {
          const { orderId, operation, attempt, state } = one;
          const which = `${operation} attempt ${attempt}`;
          const isOver = OVER.includes(state) || isQuarantined(one);
          if (!isOver) return [{ what: `${which} is still ${state}`, orderId }];
          const fault = isUnproven(one) ?? isUnshown(one);
          return fault ? [{ what: `${which} is ${state} and ${fault}`, orderId }] : [];
        }),
        ...declinedByNobody(payments, attempts).map(({ orderId }) => {
          return { what: 'its payment is DECLINED, and none of its attempts is', orderId };
        }),
        ...sentBlindly(requests),
      ],
    };
  },
};

const OVER = ['SUCCEEDED', 'DECLINED', 'FAILED'];

/**
 * An answer that nobody believed ends attempt and payment; but a confirmation that a cancellation
 * has overtaken ends alone, for the gateway has said what became of both.
 */
function quarantined(payments: readonly PaymentRow[]): (attempt: AttemptRow) => boolean {
  const states = new Map(payments.map(({ orderId, state }) => [orderId, state]));
  return ({ operation, state, orderId }) => {
    if (state !== 'QUARANTINED') return false;
    const end = states.get(orderId);
    return end === 'QUARANTINED' || (end === 'CANCELLED' && operation === 'confirm');
  };
}

/** The gateway forgets a key after 24 h. */
const REMEMBERED_MS = 23 * 3_600_000;

function sentBlindly(requests: readonly BookedRequest[]): CounterExample[] {
  const posts = requests.filter(({ method, key }) => method === 'POST' && key !== null);
  const looks = requests.filter(({ method }) => method === 'GET');
  return [...Map.groupBy(posts, ({ key }) => key)].flatMap(([key, own]) => {
    const times = own.map(({ created }) => created).toSorted((a, b) => a - b);
    const [first = 0] = times;
    const orderId = own[0]?.orderId ?? undefined;
    const blindly = times.some((time, i) => {
      if (time - first <= REMEMBERED_MS) return false;
      const before = times[i - 1] ?? first;
      return !looks.some(
        ({ created, orderId: about }) =>
          created > before && created <= time && (about ?? orderId) === orderId,
      );
    });
    return blindly ? [{ what: `key ${key} was sent again after a day, unlooked`, orderId }] : [];
  });
}
