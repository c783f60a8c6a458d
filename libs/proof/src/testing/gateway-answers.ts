import type { Draft } from './draft.js';

type Attempt = Draft['payments']['attempts'][number];

const isNot =
  (orderId: string) =>
  (one: { orderId: string | null }): boolean =>
    one.orderId !== orderId;

interface Owned {
  readonly orderId: string;
}

/** The gateway has never told of anything about this order. */
export function untold({ gateway, payments }: Draft, { orderId }: Owned): void {
  gateway.events = gateway.events.filter(isNot(orderId));
  payments.webhooks = payments.webhooks.filter(isNot(orderId));
}

/** No charge was ever tried for an order, and the gateway has told of none. */
export function uncharged(draft: Draft, owned: Owned): void {
  const { books } = draft.gateway;
  books.charges = books.charges.filter(isNot(owned.orderId));
  untold(draft, owned);
}

/** A confirmation was declined by an answer with this status alone. */
export function declinedBy(draft: Draft, status: number | null): boolean {
  const attempt = draft.payments.attempts.find(({ operation, state }) => {
    return operation === 'confirm' && state === 'DECLINED';
  });
  if (!attempt) return false;
  uncharged(draft, attempt);
  answer(draft, attempt, status);
  return true;
}

/**
 * A refund that was noted as failed has this answer alone to show, and was waited for so long; the
 * next one has given all back.
 */
export function failedBy(draft: Draft, status: number | null, waitedMs = 0): boolean {
  const second = draft.payments.attempts.find(({ operation, attempt, state }) => {
    return operation === 'refund' && attempt === 1 && state === 'SUCCEEDED';
  });
  if (!second) return false;
  const { requests, refunds } = draft.gateway.books;
  const { key, orderId, createdAt, decidedAt } = second;
  const at = requests.findIndex((one) => one.key === key);
  const request = requests[at];
  if (!request) return false;
  const first = { ...second, state: 'FAILED', evidence: 'req_first' };
  Object.assign(second, { attempt: 2, key: `${orderId}:refund:2` });
  for (const one of [...requests, ...refunds]) if (one.key === key) one.key = second.key;
  requests.splice(at, 0, { ...request, id: first.evidence, key, status });
  draft.payments.attempts.push(first);
  const givenUpAt = createdAt + waitedMs;
  Object.assign(first, { decidedAt: givenUpAt });
  Object.assign(second, { createdAt: givenUpAt, decidedAt: (decidedAt ?? 0) + waitedMs });
  for (const one of requests) if (one.key === second.key) one.created += waitedMs;
  return true;
}

function answer(draft: Draft, { key }: Attempt, status: number | null): void {
  for (const one of draft.gateway.books.requests) if (one.key === key) one.status = status;
}

/**
 * One look has settled a confirmation and the cancellation that overtook it; only one of the two
 * had reached the gateway before that look.
 */
export function settledByOneLook(draft: Draft, late: 'confirm' | 'cancel'): boolean {
  const { attempts, payments } = draft.payments;
  const state = late === 'confirm' ? 'CANCELLED' : 'REFUNDED';
  for (const payment of payments.filter((one) => one.state === state)) {
    const own = attempts.filter(({ orderId }) => orderId === payment.orderId);
    const [confirm, again] = own.filter(({ operation }) => operation === 'confirm');
    const cancel = own.find(({ operation }) => operation === 'cancel') ?? inVain(draft, own);
    if (!confirm || again || !cancel) continue;
    const pair =
      late === 'confirm' ? { overtaken: confirm, by: cancel } : { overtaken: cancel, by: confirm };
    if (lookBetween(draft, payment.intentId, pair)) return true;
  }
  return false;
}

/** It was to be cancelled, and was charged already: what followed was a refund. */
function inVain(draft: Draft, own: readonly Attempt[]): Attempt | undefined {
  const refund = own.find(({ operation }) => operation === 'refund');
  if (!refund) return undefined;
  const { orderId, createdAt } = refund;
  const key = `${orderId}:cancel:1`;
  const cancel = { ...refund, operation: 'cancel', attempt: 1, key, state: 'FAILED' };
  const attempt = { ...cancel, decidedAt: createdAt };
  draft.payments.attempts.push(attempt);
  return attempt;
}

function lookBetween(
  { gateway }: Draft,
  intentId: string | null,
  { overtaken, by }: { readonly overtaken: Attempt; readonly by: Attempt },
): boolean {
  const others = gateway.books.requests.filter(({ key }) => key !== overtaken.key);
  const at = others.findLastIndex(({ key }) => key === by.key);
  const post = others[at];
  if (!post) return false;
  const path = `/v1/payment_intents/${intentId}`;
  const look = { ...post, id: 'req_look', method: 'GET', path, key: null, status: 200 };
  const { operation, key } = overtaken;
  const refusal = { ...post, id: 'req_late', path: `${path}/${operation}`, key, status: 400 };
  others.splice(at + 1, 0, look, refusal);
  gateway.books.requests = others;
  overtaken.evidence = look.id;
  by.evidence = look.id;
  return true;
}

/** Nobody believes a superseded confirmation any more; the cancellation has been carried out. */
export function overtaken(draft: Draft): boolean {
  const { attempts, payments } = draft.payments;
  const cancelled = new Set(
    payments.filter(({ state }) => state === 'CANCELLED').map(({ orderId }) => orderId),
  );
  const confirm = attempts.find(({ operation, orderId }) => {
    return operation === 'confirm' && cancelled.has(orderId);
  });
  if (!confirm) return false;
  confirm.state = 'QUARANTINED';
  return true;
}

/** What the gateway has answered to a refund nobody believes: the charge stays as it is. */
export function doubtedRefund({ payments }: Draft): boolean {
  const paid = payments.payments.find(({ state }) => state === 'PAID');
  if (!paid) return false;
  paid.state = 'QUARANTINED';
  return true;
}
