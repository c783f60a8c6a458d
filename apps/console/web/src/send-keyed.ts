import { problemOf } from './api';
import type { Answer, KeyedRequest } from './keyed-request';
import { inTheNameOf, renewSession } from './session';

/** Longer than the server takes for an order, short enough that a person who waits sees a retry. */
const ANSWER_TIMEOUT_MS = 10_000;

/** The server has not worked on the request, or still does: ask again. */
const ASK_AGAIN: readonly number[] = [401, 408, 425, 429];

const UNKNOWN: Answer = { kind: 'unknown' };

/**
 * One POST, and what it proves. A session that ran out is renewed, and the same bytes sent again.
 */
export async function sendKeyed(request: KeyedRequest): Promise<Answer> {
  try {
    const first = await inTheNameOf(request.customerId, () => post(request));
    if (first?.status !== 401) return await read(first);
    await renewSession();
    return await read(await inTheNameOf(request.customerId, () => post(request)));
  } catch {
    return UNKNOWN;
  }
}

function post({ path, key, body }: KeyedRequest): Promise<Response> {
  return fetch(path, {
    method: 'POST',
    headers: {
      'idempotency-key': key,
      ...(body === '' ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === '' ? {} : { body }),
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
}

async function read(response: Response | null): Promise<Answer> {
  if (!response) return { kind: 'not-your-session' };
  if (response.ok) {
    const replayed = response.headers.get('idempotent-replayed') === 'true';
    return { kind: 'done', body: await response.json(), replayed };
  }
  const retryAfter = Number(response.headers.get('retry-after'));
  const stillRunning = response.status === 409 && retryAfter > 0;
  if (response.status < 500 && !stillRunning && !ASK_AGAIN.includes(response.status)) {
    return { kind: 'refused', detail: (await problemOf(response)).message };
  }
  return retryAfter > 0 ? { kind: 'unknown', retryAfterMs: retryAfter * 1000 } : UNKNOWN;
}
