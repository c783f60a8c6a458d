import { setTimeout as pause } from 'node:timers/promises';
import {
  openOrders,
  openSessions,
  ShopClient,
  until,
  type Session,
  type System,
} from '@checkout/testkit';
import { ClientHistory } from '../client-history.js';
import type { Random } from '../random.js';
import { shop } from '../shopper.js';
import type { Wish } from '../wishes.js';

/**
 * A few customers who ask until they know, and write down what they were told. What they buy, and
 * with which card, follows from the seed.
 */
export class Customers {
  readonly #client: ShopClient;
  readonly #sessions: readonly Session[];
  readonly #history: ClientHistory;
  readonly #random: Random;
  readonly #ordersUrl: string;
  readonly #open = new AbortController();
  #come = 0;

  private constructor(system: System, sessions: readonly Session[], random: Random) {
    this.#client = new ShopClient(system.url);
    this.#sessions = sessions;
    this.#history = new ClientHistory(system.runDir);
    this.#random = random;
    this.#ordersUrl = system.databaseUrl('orders');
  }

  static async of(system: System, random: Random): Promise<Customers> {
    return new Customers(system, await openSessions(new ShopClient(system.url), SESSIONS), random);
  }

  /** So many at once; resolves when all have a definite answer. */
  async order(many: number): Promise<void> {
    await Promise.all(Array.from({ length: many }, () => this.#one(this.#come)));
  }

  /** One after the other by one customer, until that has come. */
  async orderUntil(come: Promise<unknown>): Promise<void> {
    let isThere = false;
    const noted = come.then(() => (isThere = true));
    for (let n = 0; n < MOST_OF_ONE && !isThere; n++) {
      await this.#one(0);
      await Promise.race([noted, pause(SHORTLY_MS)]);
    }
    await noted;
  }

  /** Every order has come to its end. */
  async served(): Promise<void> {
    const wait = { what: 'every order has come to its end', withinMs: SERVED_WITHIN_MS };
    await until(wait, async () => (await openOrders(this.#ordersUrl)) === 0);
  }

  async #one(customer: number): Promise<void> {
    const session = this.#sessions[customer % this.#sessions.length];
    if (!session) throw new Error('a shop needs customers');
    const wish = this.#wish(this.#come++);
    const [client, history, closing] = [this.#client, this.#history, this.#open.signal];
    await shop({ client, history, session, wish, closing });
  }

  #wish(n: number): Wish {
    const random = this.#random;
    const lines = [{ sku: random.oneOf(PRODUCTS), quantity: random.whole(1, 3) }];
    return {
      ...{ n, customer: n, key: random.uuid(), cancelKey: random.uuid() },
      order: { lines, paymentMethod: random.oneOf(CARDS) },
      ...{ manner: 'patient', cancelAfterMs: undefined, watches: false },
    };
  }
}

/** Fraud detection lets each of them order twenty times in a minute. */
const SESSIONS = 6;
const MOST_OF_ONE = 12;
/** From the order to the stage that it meets first, and a little more. */
const SHORTLY_MS = 1_000;
const SERVED_WITHIN_MS = 60_000;

const PRODUCTS = [
  [1, 'espresso-cup'],
  [1, 'coffee-beans'],
  [1, 'hand-mill'],
] as const;
const CARDS = [
  [5, 'pm_card_visa'],
  [1, 'pm_card_visa_chargeDeclined'],
] as const;
