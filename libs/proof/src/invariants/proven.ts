import type { Evidence } from '../evidence/evidence.js';
import type { AttemptRow } from '../evidence/rows.js';

/** Names of the gateway: of a request, a refund, an intent. */
const NAMES = /\b(?:req|re|pi)_[A-Za-z0-9]+/g;

/** What is concluded from a list that was read to its end, which has no name. */
const BY_LIST = ['found in the list of intents', 'no intent of this order was ever created'];

const DECIDED = ['SUCCEEDED', 'DECLINED', 'FAILED'];

/**
 * Why the evidence of a decided attempt proves nothing; undefined when it does. It must name
 * something that the gateway’s own books have, and that is not about another order; or say that a
 * list was read, and then somebody has asked for lists.
 */
export function unproven({ gateway }: Evidence): (attempt: AttemptRow) => string | undefined {
  const { requests, refunds } = gateway.books;
  const owners = new Map(
    [...requests, ...refunds, ...gateway.intents].map(({ id, orderId }) => [id, orderId]),
  );
  const hasLooked = requests.some(({ method }) => method === 'GET');
  return ({ orderId, state, evidence, decidedAt }) => {
    if (!DECIDED.includes(state)) return evidence ? undefined : 'names no evidence';
    if (decidedAt === null) return 'does not say when that was decided';
    if (!evidence) return 'names no evidence';
    const names = evidence.match(NAMES) ?? [];
    if (names.length === 0) {
      const listed = hasLooked && BY_LIST.includes(evidence);
      return listed ? undefined : `has for evidence only "${evidence}"`;
    }
    const foreign = names.find((name) => (owners.get(name) ?? orderId) !== orderId);
    if (foreign) return `has for evidence what is about another order: ${foreign}`;
    const unknown = names.find((name) => !owners.has(name));
    return unknown && `has for evidence what the gateway does not know: ${unknown}`;
  };
}
