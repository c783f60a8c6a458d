import type { BookedRequest } from '../evidence/books.js';
import type { CounterExample, Invariant } from '../invariant.js';
import { unproven } from './proven.js';
import { declinedByNobody, unshown } from './refused.js';

export const a20: Invariant = {
  id: 'A20',
  says: 'Every unknown outcome was resolved, by looking and not by guessing.',
  rule:
    'no attempt is left SENT, UNKNOWN or SUPERSEDED; each decided one says when, and names for ' +
    'evidence a request, an intent or a refund that the gateway has, of this attempt or a look ' +
    'at its order, or the list of intents that was read; of one that has SUCCEEDED no request ' +
    'that was answered with a 4xx or 5xx; one that is DECLINED or FAILED has a ' +
    'failed charge, a refusal or a stored failure under its key, or an intent in whose state it ' +
    'can come to nothing; a DECLINED payment has a DECLINED attempt; no key is sent again 23 h ' +
    'after its first use without a GET about its order since it was last sent',
  judge({ evidence }) {
    const { attempts, payments } = evidence.payments;
    const { requests } = evidence.gateway.books;
    const [isUnproven, isUnshown] = [unproven(evidence), unshown(evidence)];
    return {
      rows: attempts.length + requests.length,
      counterExamples: [
        ...attempts.flatMap((one) => {
          const { orderId, operation, attempt, state } = one;
          const which = `${operation} attempt ${attempt}`;
          if (LEFT_OPEN.includes(state)) return [{ what: `${which} is still ${state}`, orderId }];
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

const LEFT_OPEN = ['SENT', 'UNKNOWN', 'SUPERSEDED'];
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
