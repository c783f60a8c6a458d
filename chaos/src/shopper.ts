import { requestHash, sha256 } from '@checkout/proof';
import type { Session, ShopClient } from '@checkout/testkit';
import type { ClientHistory, Sending } from './client-history.js';
import { waited } from './waited.js';
import { watched } from './watcher.js';
import type { Wish } from './wishes.js';

/**
 * One customer with one wish, from the first request to the last.
 *
 * It believes only definite answers, writes each down before it goes on, and repeats the same bytes
 * under the same key; what it contradicts (a replay with other bytes) is for the judge to find in
 * the history, not for it to notice.
 */
export interface Shopping {
  readonly client: ShopClient;
  readonly history: ClientHistory;
  readonly session: Session;
  readonly wish: Wish;
  /** Aborted: nobody asks any more; what is unknown stays unknown. */
  readonly closing: AbortSignal;
}

/** Everything else below 500 is a refusal. 409 of `already-final` is one too, and definite. */
const ASK_AGAIN = [408, 425, 429];
const STILL_RUNNING = '/problems/still-running';
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_600;
const RACERS = 4;

export async function shop(shopping: Shopping): Promise<void> {
  const orderId = await placed(shopping);
  if (orderId === null) return;
  await Promise.all([watched(shopping, orderId), mindChanged(shopping, orderId)]);
}

async function mindChanged(shopping: Shopping, orderId: string): Promise<void> {
  const { wish, closing } = shopping;
  if (wish.cancelAfterMs === undefined) return;
  await waited(wish.cancelAfterMs, closing);
  await untilDefinite(closing, () => cancel(shopping, orderId));
}

/** The order's id, when the customer got to know it. */
async function placed(shopping: Shopping): Promise<string | null> {
  const { wish, closing } = shopping;
  const ask = (): Promise<Sending> => place(shopping);
  switch (wish.manner) {
    case 'patient':
      return (await untilDefinite(closing, ask)).orderId;
    case 'leaves':
      return (await ask()).orderId;
    case 'repeats': {
      const first = await untilDefinite(closing, ask);
      await untilDefinite(closing, ask);
      return first.orderId;
    }
    case 'races': {
      const answers = await Promise.all(
        Array.from({ length: RACERS }, () => untilDefinite(closing, ask)),
      );
      return answers.find(({ orderId }) => orderId !== null)?.orderId ?? null;
    }
  }
}

function place(shopping: Shopping): Promise<Sending> {
  const { key, order } = shopping.wish;
  const body = JSON.stringify(order);
  return ask(shopping, {
    op: 'place',
    path: '/api/orders',
    key,
    bodyHash: requestHash(order),
    body,
  });
}

async function cancel(shopping: Shopping, orderId: string): Promise<Sending> {
  const path = `/api/orders/${orderId}/cancel`;
  const { cancelKey: key } = shopping.wish;
  return ask(shopping, { op: 'cancel', path, key, bodyHash: orderId, orderId });
}

interface Question {
  readonly op: Sending['op'];
  readonly path: string;
  readonly key: string;
  readonly bodyHash: string;
  readonly body?: string;
  readonly orderId?: string;
}

async function ask({ client, session, history }: Shopping, question: Question): Promise<Sending> {
  const { op, path, key, bodyHash, body } = question;
  const request = { op, customerId: session.customerId, key, bodyHash };
  history.sends(request);
  const sentAt = Date.now();
  const options = { session, key, ...(body !== undefined && { body }) };
  const answer = await client.call('POST', path, options).catch(() => undefined);
  const result = resultOf(answer);
  const orderId = question.orderId ?? (answer && result === 'ok' ? orderIn(answer.body) : null);
  const sending: Sending = {
    ...request,
    sentAt,
    answeredAt: Date.now(),
    result,
    status: answer?.status ?? null,
    orderId,
    responseHash: answer ? sha256(answer.body) : null,
  };
  history.record(sending);
  return sending;
}

function resultOf(answer?: { status: number; body: string }): Sending['result'] {
  if (answer === undefined || answer.status >= 500) return 'unknown';
  if (answer.status < 300) return 'ok';
  const again = ASK_AGAIN.includes(answer.status) || answer.body.includes(STILL_RUNNING);
  return again ? 'unknown' : 'fail';
}

function orderIn(body: string): string {
  return (JSON.parse(body) as { id: string }).id;
}

async function untilDefinite(closing: AbortSignal, send: () => Promise<Sending>): Promise<Sending> {
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    const sending = await send();
    if (sending.result !== 'unknown' || closing.aborted) return sending;
    await waited(pauseMs, closing);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}
