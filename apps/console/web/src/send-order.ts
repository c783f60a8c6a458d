import { problemOf } from './api';
import type { Answer, Placement } from './placement';
import { renewSession } from './session';

/** Longer than the server takes for an order, short enough that a person who waits sees a retry. */
const ANSWER_TIMEOUT_MS = 10_000;

/** The server has not worked on the request, or still does: ask again. */
const TRY_AGAIN: readonly number[] = [401, 408, 425, 429];

/**
 * One POST, and what it proves about the order. Not repeated here after a new session: whether the
 * session still speaks for the customer of the key is for the caller to see.
 */
export async function sendOrder(placement: Placement): Promise<Answer> {
  try {
    const response = await fetch('/api/orders', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': placement.key },
      body: placement.body,
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    if (response.status === 401) await renewSession();
    return await read(response);
  } catch {
    return { kind: 'unknown' };
  }
}

async function read(response: Response): Promise<Answer> {
  if (response.ok) {
    const { id } = (await response.json()) as { id: string };
    return { kind: 'placed', orderId: id };
  }
  const problem = await problemOf(response);
  const unanswered = response.status >= 500 || TRY_AGAIN.includes(response.status);
  const stillRunning = response.status === 409 && problem.slug !== 'price-changed';
  if (!unanswered && !stillRunning) return { kind: 'refused', detail: problem.message };
  const seconds = Number(response.headers.get('retry-after'));
  return seconds > 0 ? { kind: 'unknown', retryAfterMs: seconds * 1000 } : { kind: 'unknown' };
}
