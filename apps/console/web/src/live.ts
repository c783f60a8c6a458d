import type { OrderView } from '@checkout/api';
import type { QueryClient } from '@tanstack/react-query';
import { createParser } from 'eventsource-parser';
import { useEffect, useState } from 'react';
import { request } from './api';
import { pauseUnlessOnline } from './clock';
import { askForAll, tellOrder } from './queries';

/**
 * The one stream of news about the customer's orders, and how it comes back.
 *
 * Guarantee: a page that says "Live" hears of every change, and has heard of all that happened
 * while it could not listen.
 * Failure stories:
 *   1. The connection breaks, or a server restarts and answers 503: opened again with the id of the
 *      last event that was seen. The browser's own EventSource forgets that id when an answer is
 *      not a stream; hence fetch.
 *   2. The session ran out: renewed, as for every request (api.ts).
 *   3. The machine slept, and the connection is dead without having been closed: the server says
 *      something every 15 s, and a longer silence ends it.
 *   4. The page is in the background: closed. A browser opens six connections to one server, and
 *      six tabs with a stream each would leave none for an order.
 *   5. An order changes after the page has asked for it and before the stream opens: a stream that
 *      is opened without the id of an event begins in the recent past.
 * When it opens later than right after the page was loaded, the page also asks again for all that
 * it shows; an order's version tells old from new.
 * Not promised: news while the page is not looked at.
 */
const SILENCE_MS = 40_000;
const REOPEN_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5_000;

export function useLiveOrders(client: QueryClient, customerId: string): boolean {
  const [live, setLive] = useState(false);
  useEffect(() => {
    const ended = new AbortController();
    void follow({ client, setLive, justLoaded: isSeen(), lastEventId: '' }, ended.signal);
    return () => ended.abort();
  }, [client, customerId]);
  return live;
}

interface Listener {
  readonly client: QueryClient;
  readonly setLive: (live: boolean) => void;
  /** Until the first try to open the stream has ended; never in the background. */
  justLoaded: boolean;
  lastEventId: string;
}

async function follow(listener: Listener, ended: AbortSignal): Promise<void> {
  let pauseMs = REOPEN_PAUSE_MS;
  while (!ended.aborted) {
    await turns('visible', ended);
    const connection = new AbortController();
    const closed = AbortSignal.any([connection.signal, ended]);
    void turns('hidden', closed).then(() => connection.abort());
    const opened = await listen(listener, connection, closed).catch(() => false);
    listener.setLive(false);
    listener.justLoaded = false;
    pauseMs = opened ? REOPEN_PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    if (!closed.aborted) await pauseUnlessOnline(pauseMs);
    connection.abort();
  }
}

function isSeen(): boolean {
  return document.visibilityState === 'visible';
}

/** Resolves when the page is in that state, or when nobody waits for it any more. */
function turns(state: DocumentVisibilityState, unless: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (document.visibilityState !== state && !unless.aborted) return;
      document.removeEventListener('visibilitychange', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    unless.addEventListener('abort', look, { once: true });
    look();
  });
}

/** Until the stream ends. True when there was one. */
async function listen(
  listener: Listener,
  connection: AbortController,
  closed: AbortSignal,
): Promise<boolean> {
  const { lastEventId, client } = listener;
  const response = await request('/api/events', {
    headers: {
      accept: 'text/event-stream',
      ...(lastEventId === '' ? {} : { 'last-event-id': lastEventId }),
    },
    cache: 'no-store',
    signal: closed,
  });
  if (!response.ok || !response.body) return false;
  listener.setLive(true);
  if (!listener.justLoaded) void askForAll(client);
  const parser = createParser({
    onEvent: ({ event, id, data }) => {
      if (event === 'order') tellOrder(client, JSON.parse(data) as OrderView);
      if (id !== undefined) listener.lastEventId = id;
    },
  });
  await feed(response.body, (text) => parser.feed(text), connection).catch(() => undefined);
  return true;
}

async function feed(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  take: (text: string) => void,
  connection: AbortController,
): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const silence = setTimeout(() => connection.abort(), SILENCE_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(silence));
    if (done) return;
    take(value);
  }
}
