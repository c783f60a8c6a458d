import type { BookedRequest } from '../evidence/books.js';
import type { Evidence } from '../evidence/evidence.js';
import type { AttemptRow } from '../evidence/rows.js';

/** Names of the gateway: of a request, a refund, an intent. */
const NAMES = /\b(?:req|re|pi)_[A-Za-z0-9]+/g;

/** What is concluded from a list that was read to its end, which has no name. */
const BY_LIST = ['found in the list of intents', 'no intent of this order was ever created'];
const LIST = '/v1/payment_intents';

const DECIDED = ['SUCCEEDED', 'DECLINED', 'FAILED'];

/**
 * Whose requests may show what became of an attempt, besides its own: a confirmation and the
 * cancellation that overtook it are decided by one answer.
 */
const TOLD_BY: Readonly<Record<string, string>> = { confirm: 'cancel', cancel: 'confirm' };

type IsWrong = (attempt: AttemptRow, name: string) => boolean;

/**
 * Why the evidence of a decided attempt proves nothing; undefined when it does. It must name
 * something that the gateway’s own books have, and that is about this attempt of this order, or a
 * look at the order; or say that the list of intents was read, and then somebody has asked for it.
 */
export function unproven(evidence: Evidence): (attempt: AttemptRow) => string | undefined {
  const { requests, refunds } = evidence.gateway.books;
  const { intents } = evidence.gateway;
  const owners = new Map(
    [...requests, ...refunds, ...intents].map(({ id, orderId }) => [id, orderId]),
  );
  const refused = requests.filter(({ status }) => status === null || status >= 400);
  const failed = new Set(refused.map(({ id }) => id));
  const faults: readonly (readonly [string, IsWrong])[] = [
    [
      'what is about another order',
      ({ orderId }, name) => (owners.get(name) ?? orderId) !== orderId,
    ],
    ['what the gateway does not know', (_, name) => !owners.has(name)],
    ['what was asked for something else', ofAnotherAttempt(evidence)],
    ['a look from before it was asked', lookedBefore(evidence)],
    [
      'a request that came to nothing',
      ({ state }, name) => state === 'SUCCEEDED' && failed.has(name),
    ],
  ];
  const hasListed = requests.some(({ method, path }) => method === 'GET' && path === LIST);
  return (attempt) => {
    const { state, decidedAt } = attempt;
    if (!DECIDED.includes(state)) return attempt.evidence ? undefined : 'names no evidence';
    if (decidedAt === null) return 'does not say when that was decided';
    if (!attempt.evidence) return 'names no evidence';
    const names = attempt.evidence.match(NAMES) ?? [];
    if (names.length === 0) {
      const listed = hasListed && BY_LIST.includes(attempt.evidence);
      return listed ? undefined : `has for evidence only "${attempt.evidence}"`;
    }
    const found = faults.find(([, isWrong]) => names.some((name) => isWrong(attempt, name)));
    if (!found) return undefined;
    const [what, isWrong] = found;
    return `has for evidence ${what}: ${names.find((name) => isWrong(attempt, name))}`;
  };
}

/**
 * Places in the gateway’s log: of each look, and of the first request with each key. One look may
 * settle a confirmation and the cancellation that overtook it, of which one was sent before it.
 */
function lookedBefore({ gateway, payments }: Evidence): IsWrong {
  const looks = new Map<string, number>();
  const asked = new Map<string, number>();
  for (const [place, { id, method, key }] of gateway.books.requests.entries()) {
    if (method === 'GET') looks.set(id, place);
    else if (key !== null && !asked.has(key)) asked.set(key, place);
  }
  const byOrder = Map.groupBy(payments.attempts, ({ orderId }) => orderId);
  return ({ orderId, operation, key }, name) => {
    const others = (byOrder.get(orderId) ?? []).filter((one) => {
      return one.operation === TOLD_BY[operation];
    });
    const places = [key, ...others.map((one) => one.key)].flatMap((one) => asked.get(one) ?? []);
    return places.length > 0 && (looks.get(name) ?? Infinity) < Math.min(...places);
  };
}

/** A look is about whatever was to be found out; what changes something is about its key. */
function ofAnotherAttempt({ gateway, payments }: Evidence) {
  const posts = gateway.books.requests.filter(({ method }) => method === 'POST');
  const requests = new Map(posts.map((request) => [request.id, request]));
  const byKey = new Map(payments.attempts.map((attempt) => [attempt.key, attempt]));
  const isOwn = (attempt: AttemptRow, { key }: BookedRequest): boolean => {
    const maker = byKey.get(key ?? '');
    return key === attempt.key || maker?.operation === TOLD_BY[attempt.operation];
  };
  return (attempt: AttemptRow, name: string): boolean => {
    const request = requests.get(name);
    return request !== undefined && !isOwn(attempt, request);
  };
}
