import { setTimeout as pause } from 'node:timers/promises';
import type { OrderWish, Placed, Session, ShopClient } from './shop-client.js';

/**
 * An open load: orders are sent when they are due and not when the last one was answered, so that a
 * server that stands still meets a queue, as it would with real customers.
 */
export interface LoadOptions {
  readonly client: ShopClient;
  /** They take turns, so that none of them looks like a fraud. */
  readonly customers: readonly Session[];
  readonly perSecond: number;
  /** The n-th order's wish. */
  wish(n: number): OrderWish;
}

export class Load {
  private readonly started: Promise<Placed>[] = [];
  private readonly accepted: string[] = [];
  private readonly ended = new AbortController();
  private readonly running: Promise<void>;

  private sent = 0;

  constructor(private readonly options: LoadOptions) {
    if (options.customers.length === 0) throw new Error('a load needs customers');
    this.running = this.run();
  }

  /** So many orders at once, beside those that are due. */
  burst(orders: number): void {
    for (let i = 0; i < orders; i++) this.send();
  }

  /** Orders with a definite yes so far. */
  placed(): readonly string[] {
    return this.accepted;
  }

  /** Sends no more, and waits until every order that was sent has its definite answer. */
  async end(): Promise<readonly string[]> {
    this.ended.abort();
    await this.running;
    const answers = await Promise.allSettled(this.started);
    const failed = answers.filter(({ status }) => status === 'rejected');
    if (failed.length > 0) {
      const reasons = failed.map((answer) => (answer as PromiseRejectedResult).reason as unknown);
      throw new AggregateError(reasons, `${failed.length} orders have no definite yes`);
    }
    return this.accepted;
  }

  private async run(): Promise<void> {
    const begun = performance.now();
    for (let n = 0; !this.ended.signal.aborted; n++) {
      const dueMs = (n * 1_000) / this.options.perSecond - (performance.now() - begun);
      if (dueMs > 0) await pause(dueMs, undefined, { signal: this.ended.signal }).catch(() => {});
      if (!this.ended.signal.aborted) this.send();
    }
  }

  private send(): void {
    const placing = this.place();
    // A failure is reported by end().
    placing.catch(() => undefined);
    this.started.push(placing);
  }

  private async place(): Promise<Placed> {
    const { client, customers, wish } = this.options;
    const n = this.sent++;
    const placed = await client.placeOrder(customers[n % customers.length]!, wish(n));
    this.accepted.push(placed.id);
    return placed;
  }
}

/** Opening all at once would be a load of its own. */
const SESSIONS_AT_ONCE = 20;

export async function openSessions(client: ShopClient, count: number): Promise<Session[]> {
  const all: Session[] = [];
  while (all.length < count) {
    const some = Math.min(SESSIONS_AT_ONCE, count - all.length);
    all.push(...(await Promise.all(Array.from({ length: some }, () => client.openSession()))));
  }
  return all;
}
