import type { App } from '@checkout/nest-service';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  applicationOn,
  configFor,
  type Customer,
  orderApplication,
  type OrderApplication,
  place,
  signIn,
} from './testing/order-application.js';

let order: OrderApplication;
let replicas: [App, App];
let customers: Customer[];
beforeAll(async () => {
  order = await orderApplication();
  replicas = [order.app, await applicationOn(configFor(order.database.url))];
  customers = await Promise.all([1, 2, 3].map(() => signIn(order.app)));
}, 60_000);
afterAll(async () => {
  await replicas[1].close();
  await order.stop();
});

/** Bodies by name; what a jug costs moves between two prices. */
const jugs = (quantity: number, amount?: number) => ({
  lines: [{ sku: 'milk-jug', quantity }],
  paymentMethod: 'pm_card_visa',
  ...(amount && { expectedTotal: { amount: String(amount), currency: 'EUR' } }),
});
const PRICES = [1_890, 2_000];
const bodies = {
  one: jugs(1),
  two: jugs(2),
  'one at the first price': jugs(1, PRICES[0]),
  'one at the second price': jugs(1, PRICES[1]),
  unknown: { ...jugs(1), lines: [{ sku: 'tea-pot', quantity: 1 }] },
};
type Body = keyof typeof bodies;

interface Ask {
  readonly replica: 0 | 1;
  readonly customer: number;
  readonly key: number;
  readonly body: Body;
}
type Round = { readonly price: number; readonly asks: readonly Ask[] };

const asks = fc.record<Ask>({
  replica: fc.constantFrom(0, 1),
  customer: fc.nat({ max: 2 }),
  key: fc.nat({ max: 3 }),
  body: fc.constantFrom(...(Object.keys(bodies) as Body[])),
});
const rounds = fc.array(
  fc.record<Round>({
    price: fc.constantFrom(...PRICES),
    asks: fc.array(asks, { minLength: 1, maxLength: 30 }),
  }),
  { minLength: 1, maxLength: 4 },
);

/** The model: what a body is refused with when its key is free; undefined when it is accepted. */
function refusalOf(body: Body, price: number): string | undefined {
  const { lines, expectedTotal } = { expectedTotal: undefined, ...bodies[body] };
  if (body === 'unknown') return '422 unknown-product';
  const total = String(lines[0]!.quantity * price);
  return expectedTotal && expectedTotal.amount !== total ? '409 price-changed' : undefined;
}

interface Kept {
  readonly body: Body;
  readonly response: string;
}
interface Answered extends Ask {
  readonly says: string;
  readonly response: string;
}

interface Moment {
  readonly price: number;
  /** What the key was used for before. */
  readonly before: Kept | undefined;
  /** And afterwards. */
  readonly after: Kept | undefined;
}

/** What a request may be told that does not place the order itself. */
function allowed(body: Body, { price, before, after }: Moment): readonly (string | undefined)[] {
  const repeat = after?.body === body ? '201 replayed' : '422 idempotency-key-reused';
  if (before) return [repeat];
  return ['409 still-running', refusalOf(body, price), ...(after ? [repeat] : [])];
}

/** Looks at requests with one key, all at one moment; returns what is kept under it afterwards. */
function judge(before: Kept | undefined, price: number, answers: readonly Answered[]) {
  const placed = answers.filter(({ says }) => says === '201');
  const can = answers.some(({ body }) => refusalOf(body, price) === undefined);
  expect(placed).toHaveLength(before === undefined && can ? 1 : 0);
  const after = before ?? placed[0];
  for (const { body, says, response } of answers) {
    if (says !== '201') expect(allowed(body, { price, before, after })).toContain(says);
    if (says === '201 replayed') expect(response).toBe(after?.response);
  }
  return after;
}

async function answer(run: number, { replica, customer, key, body }: Ask) {
  const by = customers[customer]!;
  const asked = { key: `${run}/${key}`, body: bodies[body] };
  const { statusCode, headers, body: response } = await place(replicas[replica], by, asked);
  if (statusCode === 201) {
    return { says: headers['idempotent-replayed'] ? '201 replayed' : '201', response };
  }
  const { type } = JSON.parse(response) as { type: string };
  return { says: `${statusCode} ${type.replace('/problems/', '')}`, response };
}

async function ordersStored(run: number): Promise<number> {
  const [row] = await order.database.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM orders o
       JOIN idempotency_keys k ON k.order_id = o.id
       JOIN outbox b ON b.causation_id = o.id AND b.xid = o.xid
         AND b.payload::json -> 'total' ->> 'amount' = o.total::text
     WHERE k.key LIKE $1 || '/%'`,
    [String(run)],
  );
  return row!.n;
}

const RUNS = 25;

test('at any moment, of any requests, each is told what a simple model allows', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(rounds, async (all) => {
      run += 1;
      const kept = new Map<string, Kept>();
      for (const { price, asks: asked } of all) {
        await order.database.query(
          `UPDATE products SET unit_price = ${price} WHERE sku = 'milk-jug'`,
        );
        const answers = await Promise.all(
          asked.map(async (one) => ({ ...one, ...(await answer(run, one)) })),
        );
        const byKey = Map.groupBy(answers, ({ customer, key }) => `${customer}/${key}`);
        for (const [key, group] of byKey) {
          const now = judge(kept.get(key), price, group);
          if (now) kept.set(key, now);
        }
      }
      expect(await ordersStored(run)).toBe(kept.size);
    }),
    // What failed depends on the moment: a smaller example would only be another one.
    { numRuns: RUNS, endOnFailure: true },
  );
  expect(run).toBe(RUNS);
}, 120_000);
