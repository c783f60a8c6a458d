import type { ClientRead } from '@checkout/proof';
import type { Shopping } from './shopper.js';
import { waited } from './waited.js';

/**
 * A customer who looks at the order until it has come to an end.
 *
 * What is seen is written down before the next look, whatever it is; that an order is there, has
 * only had what its history says, and never goes back is for the judge to say. Answers that say
 * nothing of the order (a 5xx, a 401, no answer) are not written down.
 */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_600;
/** A booked one may be paid back still; who looks has seen enough. */
const ON_ITS_WAY = ['placed', 'approved', 'paid'];

export async function watched(shopping: Shopping, orderId: string): Promise<void> {
  const { wish, closing, history } = shopping;
  let pauseMs = FIRST_PAUSE_MS;
  while (wish.watches && !closing.aborted) {
    const read = await look(shopping, orderId);
    if (read) history.saw(read);
    if (read?.seen && !ON_ITS_WAY.includes(read.seen.status)) return;
    await waited(pauseMs, closing);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

async function look(
  { client, session }: Shopping,
  orderId: string,
): Promise<ClientRead | undefined> {
  const askedAt = now();
  const answer = await client
    .call('GET', `/api/orders/${orderId}`, { session })
    .catch(() => undefined);
  const read = { orderId, askedAt, answeredAt: now() };
  if (answer?.status === 404) return { ...read, seen: null };
  if (answer?.status !== 200) return undefined;
  const { version, status } = JSON.parse(answer.body) as { version: number; status: string };
  return { ...read, seen: { version, status } };
}

/** Of a clock that nobody sets: before and after are what it is read for. */
function now(): number {
  return Math.round(performance.timeOrigin + performance.now());
}
