import { ApiContract, type Session, ShopClient } from '@checkout/testkit';
import { randomUUID } from 'node:crypto';
import {
  atRest,
  bookedOnce,
  evidenceAtRest,
  evidenceOf,
  nothing,
  shopAtRest,
} from '../evidence.js';
import { expect, test } from '../fixtures.js';

const contract = new ApiContract();
const wish = { lines: [{ sku: 'espresso-cup', quantity: 1 }], paymentMethod: 'pm_card_visa' };

interface Call {
  readonly method: string;
  readonly path: string;
  readonly session?: Session;
  readonly key?: string;
  readonly body?: string;
}

/** Asks at the public door, and holds the answer against the document in the repository. */
class Documented {
  readonly asked = new Set<string>();

  constructor(private readonly client: ShopClient) {}

  async expect(status: number, { method, path, ...options }: Call): Promise<string> {
    const answer = await this.client.call(method, path, options);
    expect(answer.status, `${method} ${path}: ${answer.body}`).toBe(status);
    const headers = Object.fromEntries(answer.headers);
    const faults = contract.faultsOf({ method, url: path, status, headers, body: answer.body });
    expect(faults, `${method} ${path}`).toEqual([]);
    const known = contract.find(method, path);
    this.asked.add(`${known?.method} ${known?.path}`);
    return answer.body;
  }
}

test.describe('the API, through the public door', () => {
  test('answers as the document says, every call of it', async ({ system }) => {
    const client = new ShopClient(system.url);
    const shop = new Documented(client);
    const session = await client.openSession();
    const order = { method: 'POST', path: '/api/orders', body: JSON.stringify(wish), session };

    await shop.expect(201, { method: 'POST', path: '/api/session', body: '{}' });
    await shop.expect(400, { method: 'POST', path: '/api/session', body: '{"customerId":"me"}' });
    await shop.expect(200, { method: 'GET', path: '/api/products' });
    const placed = await shop.expect(201, { ...order, key: 'once' });
    expect(await shop.expect(201, { ...order, key: 'once' })).toBe(placed);
    await shop.expect(400, order);
    await shop.expect(400, { ...order, key: 'shape', body: '{}' });
    await shop.expect(413, { ...order, key: 'large', body: ' '.repeat(70_000) });
    await shop.expect(422, { ...order, key: 'once', body: order.body.replace('1', '2') });
    const { id } = JSON.parse(placed) as { id: string };

    const one = { method: 'GET', path: `/api/orders/${id}`, session };
    await shop.expect(200, one);
    await shop.expect(401, { method: 'GET', path: one.path });
    await shop.expect(200, { ...one, path: '/api/orders?limit=1' });
    await shop.expect(400, { ...one, path: '/api/orders?limit=0' });
    await shop.expect(200, { ...one, path: `/api/orders/${id}/timeline` });
    await shop.expect(202, { ...one, method: 'POST', path: `${one.path}/cancel`, key: 'away' });
    await shop.expect(404, { ...one, path: '/api/orders/nonsense' });
    await shop.expect(404, { ...one, path: '/api/orders/..%2f..%2fhealth%2flive' });
    await shop.expect(400, { method: 'POST', path: '/webhooks/stripe', body: '{}' });
    await shop.expect(200, { method: 'GET', path: '/health/live' });
    await shop.expect(200, { method: 'GET', path: '/health/ready' });
    await shop.expect(200, { method: 'GET', path: '/api/openapi.json' });

    // The stream has no end, and audits take their time: they have tests of their own.
    const elsewhere = ['GET /api/events', 'GET /api/audit', 'POST /api/audit'];
    const all = contract.operations.map(({ method, path }) => `${method} ${path}`);
    expect([...shop.asked, ...elsewhere].toSorted()).toEqual(all.toSorted());

    // One order, which the wish to cancel may have met before or after its charge.
    await atRest(system);
    const { charges, ...rest } = await evidenceOf(system, session.customerId);
    const cancelled = { orders: ['cancelled'], refunds: [], entries: [] };
    const entries = ['charge 2100 EUR', 'refund 2100 EUR'];
    const refunded = { orders: ['refunded'], refunds: ['2100 EUR'], entries };
    expect(rest).toEqual(charges.length === 0 ? cancelled : refunded);
  });

  test("hides another's order on every route that names one", async ({ system }) => {
    const client = new ShopClient(system.url);
    const [owner, stranger] = [await client.openSession(), await client.openSession()];
    const { id } = await client.placeOrder(owner, wish);
    const naming = contract.operations.filter(({ path }) => path.includes('{id}'));
    expect(naming.length).toBeGreaterThanOrEqual(3);
    for (const { method, path } of naming) {
      const url = path.replace('{id}', id);
      const key = randomUUID();
      const { status } = await client.call(method, url, { session: stranger, key });
      expect(status, `${method} ${path}`).toBe(404);
      expect((await client.call(method, url, { key })).status, `${method} ${path}`).toBe(401);
    }
    const evidence = await evidenceAtRest(system, owner.customerId, { entries: 1 });
    expect(evidence).toEqual(bookedOnce('2100 EUR'));
    expect(await evidenceAtRest(system, stranger.customerId, { entries: 0 })).toEqual(nothing);
  });

  test('tells the stream in orders as the document has them', async ({ system }) => {
    const client = new ShopClient(system.url);
    const session = await client.openSession();
    await client.placeOrder(session, wish);
    const stop = new AbortController();
    const stream = await fetch(`${system.url}/api/events`, {
      headers: { authorization: `Bearer ${session.token}` },
      signal: stop.signal,
    });
    let text = '';
    for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (/^data: .*\n\n/m.test(text)) break;
    }
    stop.abort();
    const told: unknown = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? '');
    expect(contract.faultsOfValue(contract.schemas['Order']!, told)).toEqual([]);
    const evidence = await evidenceAtRest(system, session.customerId, { entries: 1 });
    expect(evidence).toEqual(bookedOnce('2100 EUR'));
  });
});

test.describe('the API for people', () => {
  test('is a page that a refusal leads to', async ({ page, system }) => {
    const before = await shopAtRest(system);
    await page.goto('/problems/price-changed');
    await expect(page).toHaveURL(/\/docs#price-changed$/);
    await expect(
      page.getByRole('heading', { name: 'Exactly-once checkout: the API' }),
    ).toBeVisible();
    await expect(
      page.getByRole('heading', { name: '409 /problems/price-changed' }),
    ).toBeInViewport();
    await page.getByRole('link', { name: 'POST /api/orders', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Place an order' })).toBeInViewport();
    expect(await shopAtRest(system)).toEqual(before);
  });
});
