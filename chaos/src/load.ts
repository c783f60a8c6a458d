import { openSessions, ShopClient } from '@checkout/testkit';
import { setTimeout as pause } from 'node:timers/promises';
import { ClientHistory, type Sending } from './client-history.js';
import { Random } from './random.js';
import { shop } from './shopper.js';
import { wishes } from './wishes.js';

/**
 * An open load: each customer comes when it is due and not when the one before has been served, so
 * that a system that stands still meets a queue.
 */
export interface LoadOptions {
  readonly url: string;
  readonly perSecond: number;
  readonly seed: number;
  readonly customers: number;
  /** Where the history is written down. */
  readonly runDir: string;
}

export interface RunningLoad {
  /** Customers that have come. */
  come(): number;
  readonly history: ClientHistory;
  /** Nobody comes any more; those who are there get their answers, for as long as that. */
  end(patienceMs: number): Promise<Readonly<Record<Sending['result'], number>>>;
}

/** So many that none of them comes near the 20 orders in 60 s that fraud detection allows. */
export const CUSTOMERS = 1_000;

export async function startLoad(options: LoadOptions): Promise<RunningLoad> {
  const client = new ShopClient(options.url);
  const sessions = await openSessions(client, options.customers);
  const history = new ClientHistory(options.runDir);
  const nextWish = wishes(new Random(options.seed, 'wishes'), options.customers);
  const closed = new AbortController();
  const closing = new AbortController();
  const shopping = new Set<Promise<void>>();
  let come = 0;

  const run = async (): Promise<void> => {
    const begun = performance.now();
    while (!closed.signal.aborted) {
      const dueMs = (come * 1_000) / options.perSecond - (performance.now() - begun);
      if (dueMs > 0) await pause(dueMs, undefined, { signal: closed.signal }).catch(() => {});
      if (closed.signal.aborted) return;
      const wish = nextWish(come++);
      const session = sessions[wish.customer];
      if (session === undefined) throw new Error(`customer ${wish.customer} has no session`);
      const served = shop({ client, history, session, wish, closing: closing.signal });
      shopping.add(served);
      void served.finally(() => shopping.delete(served));
    }
  };
  const running = run();

  return {
    come: () => come,
    history,
    async end(patienceMs) {
      closed.abort();
      await running;
      const served = Promise.all(shopping);
      await Promise.race([served, pause(patienceMs)]);
      closing.abort();
      await served;
      return history.counts;
    },
  };
}
