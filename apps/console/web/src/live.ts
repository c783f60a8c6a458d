import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { getJson } from './api';
import { now, pause } from './clock';
import { askAgain, tellOrder } from './queries';
import type { Order } from './types';

/**
 * The one stream of news about the customer's orders.
 *
 * A connection that breaks is opened again by the browser itself, which names the last event it has
 * seen. After an answer that is not a stream (the server restarts, the session ran out) the browser
 * gives up, and the page opens a new one. What was missed in between is not reconstructed from
 * events: whatever opens, the page asks again for what it shows, and an order's version tells old
 * news from new. The stream itself begins with the recent past: only what comes after the page has
 * caught up happens now, and is shown with its time.
 */
export function useLiveOrders(client: QueryClient): boolean {
  const [live, setLive] = useState(false);
  useEffect(() => {
    const ended = new AbortController();
    void follow(client, setLive, ended.signal);
    return () => ended.abort();
  }, [client]);
  return live;
}

const REOPEN_PAUSE_MS = 1_000;

async function follow(
  client: QueryClient,
  setLive: (live: boolean) => void,
  ended: AbortSignal,
): Promise<void> {
  while (!ended.aborted) {
    await streamUntilGivenUp(client, setLive, ended);
    if (ended.aborted) return;
    await pause(REOPEN_PAUSE_MS);
    await sessionIsGood();
  }
}

function streamUntilGivenUp(
  client: QueryClient,
  setLive: (live: boolean) => void,
  ended: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const source = new EventSource('/api/events');
    const finish = (): void => {
      source.close();
      resolve();
    };
    ended.addEventListener('abort', finish, { once: true });
    let caughtUp = false;
    source.onopen = () => {
      setLive(true);
      void askAgain(client).then(() => (caughtUp = true));
    };
    source.onerror = () => {
      caughtUp = false;
      setLive(false);
      if (source.readyState === EventSource.CLOSED) finish();
    };
    source.addEventListener('order', (event) => {
      tellOrder(client, JSON.parse(event.data as string) as Order, caughtUp ? now() : null);
    });
  });
}

/** An ordinary request renews a session that ran out; the stream itself cannot. */
async function sessionIsGood(): Promise<void> {
  try {
    await getJson('/api/orders?limit=1');
  } catch {
    // The server is away: the next opening fails as well, and the loop comes here again.
  }
}
