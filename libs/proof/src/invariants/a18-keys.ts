import type { BookedRequest } from '../evidence/books.js';
import type { Evidence } from '../evidence/evidence.js';
import type { AttemptRow } from '../evidence/rows.js';
import type { CounterExample, Invariant } from '../invariant.js';

export const a18: Invariant = {
  id: 'A18',
  says: 'Every request that changes something has its own key, made of what it is for.',
  rule:
    'books/requests: each POST has a key of at most 255 characters, order id:operation:attempt ' +
    'of its order and endpoint, which that attempt has stored; a confirmation or cancellation is ' +
    'about an intent of its order; one key has one endpoint and one hash of parameters',
  judge({ evidence }) {
    const posts = evidence.gateway.books.requests.filter(({ method }) => method === 'POST');
    const stored = new Set(evidence.payments.attempts.map(({ key }) => key));
    const byKey = Map.groupBy(posts, ({ key }) => key ?? '');
    return {
      rows: posts.length,
      counterExamples: [
        ...posts.flatMap((post) => {
          const what = keyFault(post, stored);
          return what === undefined ? [] : [{ what, orderId: orderOf(post) }];
        }),
        ...[...byKey].flatMap(([key, own]) => (key === '' ? [] : usedTwice(key, own))),
        ...evidence.payments.attempts.flatMap(otherKey),
        ...posts.flatMap(atAnothers(evidence)),
      ],
    };
  },
};

/** Far shorter than the 255 characters that the gateway allows. */
const KEY = /^([0-9a-f-]{36}):(create|confirm|cancel|refund):([1-9]\d{0,8})$/;

const ENDPOINTS: Readonly<Record<string, RegExp>> = {
  create: /^\/v1\/payment_intents$/,
  confirm: /^\/v1\/payment_intents\/[^/]+\/confirm$/,
  cancel: /^\/v1\/payment_intents\/[^/]+\/cancel$/,
  refund: /^\/v1\/refunds$/,
};

function otherKey({ orderId, operation, attempt, key }: AttemptRow): CounterExample[] {
  if (key === `${orderId}:${operation}:${attempt}`) return [];
  return [{ what: `${operation} attempt ${attempt} has the key ${key}`, orderId }];
}

/** An intent that is confirmed or cancelled, if it is there, is of the order that the key names. */
function atAnothers({ gateway }: Evidence): (post: BookedRequest) => CounterExample[] {
  const owners = new Map(gateway.intents.map(({ id, orderId }) => [id, orderId]));
  return (post) => {
    const [, intent] = /^\/v1\/payment_intents\/([^/]+)\/(?:confirm|cancel)$/.exec(post.path) ?? [];
    const orderId = orderOf(post);
    const owner = owners.get(intent ?? '');
    if (owner === undefined || owner === orderId) return [];
    return [{ what: `request ${post.id} is about ${intent}, which is not the order’s`, orderId }];
  };
}

function keyFault(
  { id, key, path, orderId }: BookedRequest,
  stored: ReadonlySet<string>,
): string | undefined {
  if (key === null) return `request ${id} to ${path} has no key`;
  const [, order, operation = ''] = KEY.exec(key) ?? [];
  if (order === undefined) return `request ${id} has a key that is made of nothing: ${key}`;
  if (orderId !== null && order !== orderId) return `request ${id} has another order’s key: ${key}`;
  if (!ENDPOINTS[operation]?.test(path)) return `request ${id} uses ${key} for ${path}`;
  return stored.has(key) ? undefined : `request ${id} was made before its key was stored: ${key}`;
}

/** The one that the request was made for: its key was stored with it. */
function orderOf({ orderId, key }: BookedRequest): string | undefined {
  return KEY.exec(key ?? '')?.[1] ?? orderId ?? undefined;
}

function usedTwice(key: string, requests: readonly BookedRequest[]): CounterExample[] {
  const uses = new Set(requests.map(({ path, parametersHash }) => `${path} ${parametersHash}`));
  const [first] = requests;
  if (uses.size <= 1 || !first) return [];
  return [{ what: `key ${key} was used for ${uses.size} requests`, orderId: orderOf(first) }];
}
