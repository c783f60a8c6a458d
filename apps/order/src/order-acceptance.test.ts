import { until } from '@checkout/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { OrderAcceptance } from './order-acceptance.js';
import { holdStream } from './testing/hold-stream.js';
import { holdTable } from './testing/hold-table.js';
import {
  applicationOn,
  configFor,
  type Customer,
  orderApplication,
  type OrderApplication,
  place,
  signIn,
  twoCups,
} from './testing/order-application.js';

let order: OrderApplication;
let customers: Customer[];
beforeAll(async () => {
  order = await orderApplication();
  customers = [];
  for (let n = 0; n < 50; n += 1) customers.push(await signIn(order.app));
  // The database itself refuses this order, which no check of the service foresees.
  await order.database.query(
    `ALTER TABLE orders ADD CONSTRAINT refuse CHECK (payment_method <> 'pm_refused')`,
  );
}, 60_000);
afterAll(() => order.stop());

let round = 0;
beforeEach(() => void (round += 1));

const refused = { ...twoCups, paymentMethod: 'pm_refused' };
const unknown = { ...twoCups, lines: [{ sku: 'tea-pot', quantity: 1 }] };
const threeCups = { ...twoCups, lines: [{ sku: 'espresso-cup', quantity: 3 }] };

interface Ask {
  readonly by: number;
  readonly key: string;
  readonly body?: object;
}
const ask = ({ by, key, body = twoCups }: Ask) =>
  place(order.app, customers[by % customers.length]!, { key: `${key} of ${round}`, body });
const askAll = (asks: readonly Ask[]) => Promise.all(asks.map(ask));
const times = (count: number, make: (n: number) => Ask) =>
  Array.from({ length: count }, (_, n) => make(n));

interface Stored {
  readonly id: string;
  readonly key: string;
  readonly xid: string;
}
/** Orders of this round with all that belongs to one: what lacks something is not found. */
const stored = () =>
  order.database.query<Stored>(
    `SELECT o.id, k.key, o.xid::text FROM orders o
       JOIN idempotency_keys k ON k.order_id = o.id AND k.response::json ->> 'id' = o.id::text
       JOIN order_lines l ON l.order_id = o.id
       JOIN order_history h ON h.order_id = o.id AND h.version = 1 AND h.occurred_at = o.placed_at
       JOIN order_events e ON e.order_id = o.id AND e.version = 1 AND e.customer_id = o.customer_id
       JOIN outbox b ON b.aggregateid = o.id::text AND b.xid = o.xid
         AND (b.payload::json ->> 'occurredAt')::timestamptz = o.placed_at
         AND b.occurred_at = o.placed_at
     WHERE k.key LIKE '% of ' || $1::text`,
    [String(round)],
  );

const count = async (table: string): Promise<number> => {
  const [row] = await order.database.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM ${table}`,
  );
  return row!.n;
};

/**
 * Both slots are taken by orders that wait for the table, so that what is asked meanwhile goes in
 * one batch.
 */
async function inOneBatch(asks: readonly Ask[]): Promise<{ answers: Promise<Answer>[] }> {
  const offered = vi.spyOn(order.app.get(OrderAcceptance), 'accept');
  const held = await holdTable(order.database, 'orders');
  const first = askAll(times(2, (n) => ({ by: 40 + n, key: `takes slot ${n}` })));
  await held.waited(2);
  const answers = asks.map(ask);
  await until({ what: 'all are offered', withinMs: 10_000, everyMs: 5 }, () => {
    return offered.mock.calls.length === 2 + asks.length;
  });
  offered.mockRestore();
  await held.release();
  await first;
  return { answers };
}

describe('two hundred requests at once', () => {
  const kinds: Record<string, { asks: Ask[]; right: string[] }> = {
    valid: { asks: times(99, (n) => ({ by: n, key: `valid ${n}` })), right: ['201'] },
    replay: {
      asks: times(30, (n) => ({ by: n, key: `early ${n}` })),
      right: ['201 replayed', '409'],
    },
    reused: {
      asks: times(20, (n) => ({ by: n, key: `early ${n}`, body: threeCups })),
      right: ['422 idempotency-key-reused'],
    },
    unknown: {
      asks: times(20, (n) => ({ by: n, key: `unknown ${n}`, body: unknown })),
      right: ['422 unknown-product'],
    },
    twins: {
      asks: times(20, (n) => ({ by: n >> 1, key: `twin ${n >> 1}` })),
      right: ['201', '201 replayed', '409'],
    },
    rivals: {
      asks: times(10, (n) => ({
        by: n >> 1,
        key: `rival ${n >> 1}`,
        body: [twoCups, threeCups][n % 2]!,
      })),
      right: ['201', '409', '422 idempotency-key-reused'],
    },
    broken: { asks: [{ by: 7, key: 'broken', body: refused }], right: ['500 internal'] },
  };
  const all = Object.entries(kinds).flatMap(([kind, { asks }]) =>
    asks.map((one) => ({ kind, ...one })),
  );

  test('each gets its own right answer', async () => {
    expect(all).toHaveLength(200);
    const early = await askAll(times(30, (n) => ({ by: n, key: `early ${n}` })));
    const mixed = all.toSorted((a, b) => hash(a) - hash(b));
    const answers = await askAll(mixed);

    const got = mixed.map(({ kind, by, key }, n) => ({ kind, by, key, answer: answers[n]! }));
    for (const { kind, key, answer } of got) {
      expect(kinds[kind]!.right, `${kind}, ${key}: ${answer.body}`).toContain(saying(answer));
    }
    for (const { by, answer } of got.filter((one) => one.kind === 'replay')) {
      if (answer.statusCode === 201) expect(answer.body).toBe(early[by]!.body);
    }
    const placed = new Map((await stored()).map(({ id, key }) => [key, id]));
    expect(placed.size).toBe(30 + 99 + 10 + 5);
    for (const { key, answer } of got.filter((one) => one.answer.statusCode === 201)) {
      expect(answer.json<{ id: string }>().id).toBe(placed.get(`${key} of ${round}`));
    }
    for (const kind of ['twins', 'rivals']) {
      const first = got.filter((one) => one.kind === kind && saying(one.answer) === '201');
      expect(new Set(first.map(({ key }) => key)).size).toBe(kinds[kind]!.asks.length / 2);
      expect(first).toHaveLength(kinds[kind]!.asks.length / 2);
    }
  });

  test('most of them share a database transaction, each order with its event', async () => {
    await askAll(times(200, (n) => ({ by: n, key: `shared ${n}` })));
    const orders = await stored();
    expect(orders).toHaveLength(200);
    expect(new Set(orders.map(({ xid }) => xid)).size).toBeLessThan(100);
  });
});

describe('in one batch', () => {
  test('all are one database transaction', async () => {
    const { answers } = await inOneBatch(times(30, (n) => ({ by: n, key: `together ${n}` })));
    await Promise.all(answers);
    const together = (await stored()).filter(({ key }) => key.startsWith('together'));
    expect(together).toHaveLength(30);
    expect(new Set(together.map(({ xid }) => xid)).size).toBe(1);
  });

  test('one that the database refuses fails alone, and leaves nothing', async () => {
    const before = await count('order_events');
    const asks = times(30, (n) => ({ by: n, key: `neighbour ${n}` }));
    const batch = await inOneBatch(asks.with(11, { by: 11, key: 'refused', body: refused }));
    const answers = await Promise.all(batch.answers);
    expect(answers.map(saying)).toEqual(asks.map((_, n) => (n === 11 ? '500 internal' : '201')));
    const neighbours = (await stored()).filter(({ key }) => key.startsWith('neighbour'));
    expect(neighbours).toHaveLength(29);
    expect(new Set(neighbours.map(({ xid }) => xid)).size).toBe(29);
    expect((await count('order_events')) - before).toBe(29 + 2);
    expect(saying(await ask({ by: 11, key: 'refused' }))).toBe('201');
  });

  test('two with one key make one order, and get the same bytes', async () => {
    const batch = await inOneBatch(times(6, (n) => ({ by: 3, key: `pair ${n >> 1}` })));
    const answers = await Promise.all(batch.answers);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 201));
    const pairs = Map.groupBy(answers, ({ body }) => body);
    expect(pairs.size).toBe(3);
    for (const pair of pairs.values()) {
      expect(pair.map(saying).toSorted()).toEqual(['201', '201 replayed']);
    }
    expect((await stored()).filter(({ key }) => key.startsWith('pair'))).toHaveLength(3);
  });

  test('two with one key and two bodies make one order; the other is told', async () => {
    const bodies = [twoCups, threeCups];
    const batch = await inOneBatch(times(2, (n) => ({ by: 3, key: 'rivals', body: bodies[n]! })));
    const answers = await Promise.all(batch.answers);
    expect(answers.map(saying).toSorted()).toEqual(['201', '422 idempotency-key-reused']);
    expect((await stored()).filter(({ key }) => key.startsWith('rivals'))).toHaveLength(1);
  });
});

describe("a customer's stream that somebody holds", () => {
  test('holds up nobody else, not even those in the same batch', async () => {
    const stream = await holdStream(order.database, customers[0]!.customerId);
    try {
      const batch = await inOneBatch(times(40, (n) => ({ by: n, key: `with it ${n}` })));
      const [held, ...others] = batch.answers;
      const answers = await Promise.all(others);
      expect(answers.map(saying)).toEqual(answers.map(() => '201'));
      await stream.waited();
      expect(await stored()).toHaveLength(2 + 39);
      await stream.release();
      expect(saying(await held!)).toBe('201');
    } finally {
      await stream.release();
    }
  });
});

describe('two replicas', () => {
  test('that take many streams at once never wait for each other in a circle', async () => {
    const other = await applicationOn(configFor(order.database.url));
    try {
      // Few customers, so that batches of both meet at the same streams, in opposite orders.
      const asks = times(400, (n) => ({ by: n % 8, key: `circle ${n}` }));
      const at = (n: number) => (n % 2 === 0 ? order.app : other);
      const answers = await Promise.all(
        asks.map(({ by, key }, n) => {
          const customer = customers[n % 4 < 2 ? by : 7 - by]!;
          return place(at(n), customer, { key: `${key} of ${round}` });
        }),
      );
      expect(answers.map(saying)).toEqual(answers.map(() => '201'));
      expect(await stored()).toHaveLength(400);
      const [row] = await order.database.query<{ deadlocks: string }>(
        'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
      );
      expect(row).toEqual({ deadlocks: '0' });
    } finally {
      await other.close();
    }
  });

  test('one that has seen an old price asks the new one', async () => {
    const other = await applicationOn(configFor(order.database.url));
    const at = (key: string, body: object) =>
      place(other, customers[1]!, { key: `${key} of ${round}`, body });
    const jug = { lines: [{ sku: 'milk-jug', quantity: 1 }], paymentMethod: 'pm_card_visa' };
    const euro = (amount: string) => ({ amount, currency: 'EUR' });
    try {
      expect((await at('before', jug)).json()).toMatchObject({ total: euro('1890') });
      const change = `
        UPDATE products SET unit_price = 2000, vat_permille = 70 WHERE sku = 'milk-jug'`;
      await order.database.query(change);
      const shown = { ...jug, expectedTotal: euro('1890') };
      expect(saying(await at('shown the old one', shown))).toBe('409 price-changed');
      const { id } = (await at('after', jug)).json<{ id: string }>();
      const [told] = await order.database.query<{ payload: string }>(
        'SELECT payload FROM outbox WHERE causation_id = $1',
        [id],
      );
      // 2000 × 70 / 1070
      const expected = { total: euro('2000'), tax: euro('131') };
      expect(JSON.parse(told!.payload)).toMatchObject(expected);
    } finally {
      await other.close();
    }
  });

  test('one that did not know a product takes it once it is in the catalogue', async () => {
    expect(saying(await ask({ by: 1, key: 'tea', body: unknown }))).toBe('422 unknown-product');
    await order.database.query(
      `INSERT INTO products SELECT 'tea-pot', 'Tea pot', '', 3000, 'EUR', 190, 99, 5`,
    );
    expect(saying(await ask({ by: 1, key: 'tea', body: unknown }))).toBe('201');
  });
});

type Answer = Awaited<ReturnType<typeof place>>;

/** An answer in words: status, kind of problem, whether it was a repeat. */
function saying({ statusCode, headers, body }: Answer): string {
  if (statusCode === 409 && body.includes('still-running')) return '409';
  if (statusCode !== 201) {
    const { type } = JSON.parse(body) as { type: string };
    return `${statusCode} ${type.replace('/problems/', '')}`;
  }
  return headers['idempotent-replayed'] === 'true' ? '201 replayed' : '201';
}

/** Mixes the kinds, the same way each time. */
function hash({ by, key, body }: Ask): number {
  let h = 17;
  for (const c of `${by} ${key} ${JSON.stringify(body)}`)
    h = (h * 31 + c.charCodeAt(0)) % 1_000_003;
  return h;
}
