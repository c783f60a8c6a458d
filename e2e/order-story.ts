import {
  books,
  query,
  refundBooks,
  ShopClient,
  until,
  type Session,
  type System,
} from '@checkout/testkit';
import { randomUUID } from 'node:crypto';
import { atRest, debitsOf, moneyMoved } from './evidence.js';

/** How an order ended, by everything that holds a trace of it. */
export interface Ending {
  readonly statuses: readonly string[];
  /** For the customer. */
  readonly reason: string | null;
  readonly charges: readonly string[];
  readonly refunds: readonly string[];
  /** Kind and sum of each ledger entry. */
  readonly entries: readonly string[];
}

export const APPROVED = ['placed', 'approved'];
export const BOOKED = [...APPROVED, 'paid', 'booked'];

/** The end of an order that nobody was charged for. */
export function unpaid(statuses: readonly string[], reason: string): Ending {
  return { statuses, reason, charges: [], refunds: [], entries: [] };
}

export function booked(amount: string): Ending {
  const entries = [`charge ${amount}`];
  return { statuses: BOOKED, reason: null, charges: [amount], refunds: [], entries };
}

export function refunded(amount: string): Ending {
  return {
    statuses: [...BOOKED, 'refunded'],
    reason: 'Cancelled at your request; the money was returned.',
    charges: [amount],
    refunds: [amount],
    entries: [`charge ${amount}`, `refund ${amount}`],
  };
}

/** As long as the slowest restart of a part takes, with what was waiting for it. */
const MOVES_WITHIN_MS = 45_000;

/** What a person does to orders and to the processes that carry them, and what is left of it. */
export class OrderStory {
  readonly client: ShopClient;

  constructor(private readonly system: System) {
    this.client = new ShopClient(system.url);
  }

  async place(
    session: Session,
    { sku = 'espresso-cup', quantity = 1, paymentMethod = 'pm_card_visa' } = {},
  ): Promise<string> {
    const lines = [{ sku, quantity }];
    return (await this.client.placeOrder(session, { lines, paymentMethod })).id;
  }

  cancel(
    session: Session,
    orderId: string,
    key: string = randomUUID(),
  ): ReturnType<ShopClient['call']> {
    return this.client.call('POST', `/api/orders/${orderId}/cancel`, { session, key });
  }

  /** The order's event has been seen on its topic. */
  async told(orderId: string, type: string): Promise<void> {
    const sql = 'SELECT FROM outbox_archive WHERE aggregateid = $1 AND type = $2';
    await this.moves(`${type} is published`, async () => {
      return (await this.rows('orders', sql, orderId, type)).length > 0;
    });
  }

  async reaches(orderId: string, status: string): Promise<void> {
    await this.moves(`the order is ${status}`, async () => {
      const sql = 'SELECT FROM orders WHERE id = $1 AND status = $2';
      return (await this.rows('orders', sql, orderId, status)).length > 0;
    });
  }

  async paymentIs(orderId: string, state: string): Promise<void> {
    await this.moves(`the payment is ${state}`, async () => {
      const sql = 'SELECT FROM payments WHERE order_id = $1 AND state = $2';
      return (await this.rows('payments', sql, orderId, state)).length > 0;
    });
  }

  /** The gateway has taken the money, whatever we know of it. */
  async charged(orderId: string): Promise<void> {
    await this.moves('the gateway has charged', async () => {
      const charges = await books(this.system.gatewayUrl);
      return charges.some((one) => one.orderId === orderId && one.status === 'succeeded');
    });
  }

  /**
   * The same, and what the payment service knows of it stands: when that is nothing, it will not
   * ask before it is given a reason to, such as a wish to cancel.
   */
  async chargedAnd(state: 'SENT' | 'UNKNOWN', orderId: string): Promise<void> {
    if (state === 'UNKNOWN') {
      await this.rows('payments', PUT_OFF);
      const [found] = await this.rows('payments', 'SELECT FROM put_off($1) AS f WHERE f', orderId);
      if (!found) throw new Error(`the confirmation of ${orderId} did not become UNKNOWN`);
    }
    await this.charged(orderId);
    const sql = `SELECT state FROM attempts WHERE order_id = $1 AND operation = 'confirm'`;
    const attempts = await this.rows<{ state: string }>('payments', sql, orderId);
    if (attempts.length === 1 && attempts[0]?.state === state) return;
    throw new Error(`the confirmation is not ${state}: ${JSON.stringify(attempts)}`);
  }

  async stock(sku: string): Promise<number> {
    const found = (await this.client.products()).find((product) => product.sku === sku);
    if (!found) throw new Error(`${sku} is not in the catalogue`);
    return found.available;
  }

  /** Levels are told behind the orders that change them. */
  async stockBecomes(sku: string, pieces: number): Promise<void> {
    await this.moves(`${pieces} of ${sku} are left`, async () => {
      const left = await this.stock(sku);
      if (left !== pieces) throw new Error(`${left} of ${sku} are left, not ${pieces}`);
      return true;
    });
  }

  atRest(): Promise<void> {
    return atRest(this.system);
  }

  async ending(orderId: string): Promise<Ending> {
    const [ending] = await this.endings([orderId]);
    if (!ending) throw new Error(`nothing is known of ${orderId}`);
    return ending;
  }

  /** In the order of the ids. */
  async endings(orderIds: readonly string[]): Promise<readonly Ending[]> {
    const [{ charges, refunds, entries }, steps] = await Promise.all([
      moneyMoved(this.system),
      this.rows<Step>('orders', STEPS, orderIds),
    ]);
    return orderIds.map((id) => {
      const own = steps.filter(({ orderId }) => orderId === id);
      return {
        statuses: own.map(({ status }) => status),
        reason: own.at(-1)?.reason ?? null,
        charges: ofOrder(id, charges).map(({ amount }) => `${amount}`),
        refunds: ofOrder(id, refunds).map(({ amount }) => `${amount}`),
        entries: ofOrder(id, entries)
          .map((entry) => `${entry.kind} ${debitsOf(entry)}`)
          .toSorted(),
      };
    });
  }

  /**
   * Stands still, with whatever it has in hand, while something is done about an order. Then it
   * goes on, or it is killed and another one takes over. Tells the order's id.
   */
  async standing(
    name: string,
    work: () => Promise<string>,
    then: 'goes on' | 'is killed',
  ): Promise<string> {
    this.system.kill(name, 'SIGSTOP');
    let id: string | undefined;
    try {
      id = await work();
    } finally {
      if (id === undefined || then === 'goes on') this.system.kill(name, 'SIGCONT');
    }
    if (then === 'is killed') await this.killedInTheMiddle(name, [id]);
    return id;
  }

  /**
   * `kill -9`, and wait until the next one is ready. At least one of the orders was undecided, or
   * it would prove nothing: that is read when the dead one cannot decide any more, and the next one
   * cannot yet.
   */
  async killedInTheMiddle(name: string, orderIds: readonly string[]): Promise<void> {
    const before = this.system.kill(name, 'SIGKILL');
    await this.moves(`${name} is started again`, () => {
      return this.system.processes().some((one) => one.name === name && one.pid !== before);
    });
    const undecided = await this.rows('orders', UNDECIDED, orderIds);
    await this.system.ready(name);
    if (undecided.length > 0) return;
    throw new Error(`no order was under way when ${name} was killed: nothing was tested`);
  }

  /** The gateway has paid back, and payment is killed before it knows. */
  async killedWhilePayingBack(orderId: string): Promise<void> {
    await this.moves('the gateway has paid back', async () => {
      const returned = await refundBooks(this.system.gatewayUrl);
      return returned.some((one) => one.orderId === orderId);
    });
    await this.paymentIs(orderId, 'REFUNDING');
    await this.killedInTheMiddle('payment', [orderId]);
  }

  /** Told to be overdue, as if it had been placed a minute earlier; what was stored stays true. */
  async overdue(orderId: string): Promise<void> {
    const sql = 'UPDATE orders SET placed_at = placed_at - make_interval(secs => $2) WHERE id = $1';
    await this.rows('orders', sql, orderId, 61);
    await this.told(orderId, 'OrderOverdue');
    await this.rows('orders', sql, orderId, -61);
  }

  rows<Row extends object>(
    database: 'orders' | 'payments',
    sql: string,
    ...parameters: readonly unknown[]
  ): Promise<Row[]> {
    return query<Row>(this.system.databaseUrl(database), sql, parameters);
  }

  private moves(what: string, condition: () => Promise<boolean> | boolean): Promise<unknown> {
    return until({ what, withinMs: MOVES_WITHIN_MS, everyMs: 10 }, condition);
  }
}

interface Step {
  readonly orderId: string;
  readonly status: string;
  readonly reason: string | null;
}
const STEPS = `
  SELECT order_id AS "orderId", status, reason FROM order_history
  WHERE order_id = ANY ($1) ORDER BY version`;
/**
 * As if it had asked in vain for a while: its pauses grow up to half a minute. The first pause is a
 * tenth of a second, so that the database itself waits for it; nobody else looks often enough.
 */
const PUT_OFF = `
  CREATE OR REPLACE FUNCTION put_off(id uuid) RETURNS boolean LANGUAGE plpgsql AS $$
  BEGIN
    WHILE clock_timestamp() < now() + interval '40 s' LOOP
      UPDATE payments SET next_try_at = clock_timestamp() + interval '30 s'
      WHERE order_id = id AND lease_until IS NULL AND EXISTS (
        SELECT FROM attempts WHERE order_id = id AND operation = 'confirm' AND state = 'UNKNOWN');
      IF FOUND THEN RETURN true; END IF;
      PERFORM pg_sleep(0.002);
    END LOOP;
    RETURN false;
  END $$`;
const UNDECIDED = `
  SELECT FROM orders WHERE id = ANY ($1) AND (status IN ('placed', 'approved', 'paid')
    OR (status = 'booked' AND cancel_requested_at IS NOT NULL))`;

function ofOrder<T extends { readonly orderId: string | null }>(
  id: string,
  all: readonly T[],
): readonly T[] {
  return all.filter(({ orderId }) => orderId === id);
}
