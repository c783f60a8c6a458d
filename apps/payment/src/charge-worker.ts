import { BugError, type Health, type Runner } from '@checkout/eos';
import { chargeOrder, type World } from './charge-order.js';
import type { Leases } from './leases.js';
import type { Work } from './payment.js';
import { PARALLEL_CALLS, POLL_MS } from './timing.js';

/**
 * Keeps up to N payments in hand and asks for more when one is done.
 *
 * Guarantee: whatever is due is worked, whoever left it: a wake-up follows each committed batch of
 * approvals, and a poll finds the rest (a wake-up lost with its process, a lease that ended, a
 * retry whose time has come).
 * Not promised: an order among payments. Each is about another order.
 */
export class ChargeWorker implements Runner {
  /**
   * Two of one order at times: when it is cancelled, its cancellation does not wait for the
   * confirmation that is under way.
   */
  readonly #inHand = new Map<Work, Promise<void>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  /** At first, because an earlier life of this replica may have left leases. */
  #abandoned = true;
  #claiming: Promise<void> | null = null;
  #wakeAgain = false;
  #running = false;

  constructor(
    private readonly leases: Leases,
    private readonly world: World,
    /** We are wrong, not the gateway: the process must end before more is built on it. */
    private readonly onBug: (error: Error) => void,
  ) {}

  async start(): Promise<void> {
    this.#running = true;
    this.#timers.add(setInterval(() => void this.poll(), POLL_MS));
    await this.poll();
  }

  /**
   * Claims nothing more. What is in hand is not waited for beyond one call: it is safe to abandon.
   */
  async stop(): Promise<void> {
    this.#running = false;
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#claiming;
    await Promise.all(this.#inHand.values());
  }

  health(): Health {
    return { ready: this.#running, detail: `${this.#inHand.size} payments in hand` };
  }

  /** Cheap to call often: wake-ups during a claim come to one more claim. */
  wake(): void {
    if (!this.#running) return;
    if (this.#claiming) {
      this.#wakeAgain = true;
      return;
    }
    this.#claiming = this.claim().finally(() => {
      this.#claiming = null;
      if (!this.#wakeAgain) return;
      this.#wakeAgain = false;
      this.wake();
    });
  }

  /**
   * Takes back what broke off, no more often than this, so that a step that always fails does not
   * spin.
   */
  private async poll(): Promise<void> {
    try {
      const inHand = [...this.#inHand.keys()].map(({ payment }) => payment.orderId);
      if (this.#abandoned) await this.leases.releaseAbandoned(inHand);
      this.#abandoned = false;
    } catch (error) {
      this.world.log.warn(
        { err: error },
        'leases could not be given back, the next poll tries again',
      );
    }
    this.wake();
  }

  private async claim(): Promise<void> {
    try {
      const free = PARALLEL_CALLS - this.#inHand.size;
      if (free <= 0) return;
      for (const work of await this.leases.claim(free)) this.take(work);
    } catch (error) {
      this.world.log.warn({ err: error }, 'nothing could be claimed, the poll tries again');
    }
  }

  private take(work: Work): void {
    const done = this.charge(work).finally(() => {
      this.#inHand.delete(work);
      this.wake();
    });
    this.#inHand.set(work, done);
  }

  private async charge(work: Work): Promise<void> {
    try {
      const retryInMs = await chargeOrder(work, this.world);
      if (retryInMs !== null) this.wakeIn(retryInMs);
    } catch (error) {
      if (error instanceof BugError) return this.onBug(error);
      // As if the process had died here: the attempt's row says what to do, and the lease is given
      // back.
      this.#abandoned = true;
      const order = work.payment.orderId;
      this.world.log.warn({ order, err: error }, 'a step broke off and will be taken again');
    }
  }

  private wakeIn(ms: number): void {
    if (!this.#running) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.wake();
    }, ms);
    this.#timers.add(timer);
  }
}
