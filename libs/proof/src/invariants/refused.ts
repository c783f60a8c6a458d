import type { Evidence } from '../evidence/evidence.js';
import type { AttemptRow, PaymentRow } from '../evidence/rows.js';

/** What the gateway has to show for an attempt that is noted as refused, or as failed. */
type Shown = (attempt: AttemptRow) => boolean;

/** After so long the gateway may have forgotten a key: then only looking says what is not there. */
const FORGOTTEN_MS = 23 * 3_600_000;
/** The service says when it was made, its database when it was decided. */
const CLOCKS_DIFFER_MS = 1_000;
/** No right, in progress, too many: nothing was looked at. And a declined card is a charge. */
const NO_REFUSAL = [401, 402, 403, 409, 429];

/**
 * Why nothing at the gateway shows what an attempt is noted for; undefined when something does.
 *
 *   DECLINED  a failed charge under its key, a request under its key that was refused before any
 *             charge was tried, or its order’s intent is cancelled
 *   FAILED    a failure that the gateway has stored under its key, or a key that is so old that it
 *             may be forgotten; a confirmation also by a failed charge, or because its intent is
 *             cancelled; a cancellation because its intent is charged
 *
 * Where the gateway has told of a failed charge that its books lack, A27 says so.
 * An attempt that has moved money is not asked here: A16 and A21 say that it is noted wrongly.
 */
export function unshown(evidence: Evidence): (attempt: AttemptRow) => string | undefined {
  const { charges, refunds } = evidence.gateway.books;
  const moved = new Set([...charges, ...refunds].filter(hasMoved).map(({ key }) => key));
  const isDeclined = declined(evidence);
  const hasFailed = failed(evidence);
  return (attempt) => {
    const { key, state } = attempt;
    if (moved.has(key)) return undefined;
    if (state === 'DECLINED' && !isDeclined(attempt)) return 'the gateway shows no refusal of it';
    if (state === 'FAILED' && !hasFailed(attempt)) return 'the gateway shows no failure of it';
    return undefined;
  };
}

/** A payment ends declined by an attempt that was declined. */
export function declinedByNobody(
  payments: readonly PaymentRow[],
  attempts: readonly AttemptRow[],
): readonly PaymentRow[] {
  const refused = attempts.filter(({ state }) => state === 'DECLINED');
  const orders = new Set(refused.map(({ orderId }) => orderId));
  return payments.filter(({ orderId, state }) => state === 'DECLINED' && !orders.has(orderId));
}

function hasMoved({ status }: { readonly status: string }): boolean {
  return status === 'succeeded';
}

function declined(evidence: Evidence): Shown {
  const isRefused = answered(evidence, (status) => {
    return status >= 400 && status < 500 && !NO_REFUSAL.includes(status);
  });
  const isCancelled = intentIs(evidence, 'canceled');
  const isCharged = failedCharges(evidence);
  return (attempt) => isCharged(attempt) || isRefused(attempt) || isCancelled(attempt);
}

function failed(evidence: Evidence): Shown {
  const isStored = answered(evidence, (status) => status >= 500);
  const isOld: Shown = ({ createdAt, decidedAt }) => {
    return (decidedAt ?? 0) - createdAt >= FORGOTTEN_MS - CLOCKS_DIFFER_MS;
  };
  const isCancelled = intentIs(evidence, 'canceled');
  const isPaid = intentIs(evidence, 'succeeded');
  const isCharged = failedCharges(evidence);
  return (attempt) => {
    if (isStored(attempt) || isOld(attempt)) return true;
    if (attempt.operation === 'cancel') return isPaid(attempt);
    return attempt.operation === 'confirm' && (isCharged(attempt) || isCancelled(attempt));
  };
}

function failedCharges({ gateway }: Evidence): Shown {
  const own = gateway.books.charges.filter(({ status }) => status === 'failed');
  const keys = new Set(own.map(({ key }) => key));
  const told = gateway.events.filter(({ type }) => type === 'payment_intent.payment_failed');
  const counted = new Set(own.map(({ orderId }) => orderId));
  const orders = new Set(told.map(({ orderId }) => orderId));
  return ({ key, orderId }) => keys.has(key) || (orders.has(orderId) && !counted.has(orderId));
}

function answered({ gateway }: Evidence, isMeant: (status: number) => boolean): Shown {
  const own = gateway.books.requests.filter(({ status }) => status !== null && isMeant(status));
  const keys = new Set(own.map(({ key }) => key));
  return ({ key }) => keys.has(key);
}

function intentIs({ gateway }: Evidence, wanted: string): Shown {
  const own = gateway.intents.filter(({ status }) => status === wanted);
  const orders = new Set(own.map(({ orderId }) => orderId));
  return ({ orderId }) => orders.has(orderId);
}
