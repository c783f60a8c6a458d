import { query, type System } from '@checkout/testkit';
import type { Page } from '@playwright/test';
import { bookedOnce, evidenceAtRest, ordersOf } from '../evidence.js';
import { expect, test } from '../fixtures.js';
import { ShopPage } from '../shop-page.js';

/** From the database that knows to the screen that shows, for 19 of 20. */
const NEWS_WITHIN_MS = 300;
const ORDERS = 10;

declare global {
  // What the page under test writes down: when it first showed each text of the order's status.
  var shown: Record<string, number>;
}

/** Writes down on the page when each status was first to be read. */
async function watchTheStatus(page: Page): Promise<void> {
  await page.addInitScript(() => {
    globalThis.shown = {};
    new MutationObserver(() => {
      const status = document.querySelector('[aria-label="Order status"] strong')?.textContent;
      if (status) globalThis.shown[`${location.pathname} ${status}`] ??= Date.now();
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
}

interface Change {
  readonly id: string;
  readonly status: string;
  readonly at: Date;
}

async function changesOf(system: System, customerId: string): Promise<readonly Change[]> {
  return query<Change>(
    system.databaseUrl('orders'),
    `SELECT order_id AS id, status, recorded_at AS at FROM order_history
     WHERE status IN ('paid', 'booked') AND order_id = ANY($1)`,
    [(await ordersOf(system, customerId)).map(({ id }) => id)],
  );
}

test.describe('news of an order', () => {
  test(`is on the screen within ${NEWS_WITHIN_MS} ms`, async ({ page, system }) => {
    const shop = new ShopPage(page);
    await watchTheStatus(page);
    await shop.open();
    const shown: Record<string, number> = {};
    for (let i = 0; i < ORDERS; i++) {
      await page.getByRole('navigation').getByRole('link', { name: 'Shop' }).click();
      await shop.add('Espresso cup', 1);
      await shop.placeOrder().click();
      await expect(shop.orderStatus()).toContainText('Booked');
      Object.assign(shown, await page.evaluate(() => globalThis.shown));
    }
    const changes = await changesOf(system, await shop.customerId());
    expect(changes.filter(({ status }) => status === 'booked')).toHaveLength(ORDERS);
    const lags = changes.flatMap(({ id, status, at }) => {
      const seen = shown[`/orders/${id} ${status === 'booked' ? 'Booked' : 'Paid'}`];
      return seen === undefined ? [] : [seen - at.getTime()];
    });
    // "Paid" may be over before a screen can show it; "Booked" stays.
    expect(lags.length).toBeGreaterThanOrEqual(ORDERS);
    const sorted = lags.toSorted((a, b) => a - b);
    const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1];
    console.log(`  news on the screen: p50 ${sorted[sorted.length >> 1]} ms, p95 ${p95} ms`);
    expect(p95).toBeLessThanOrEqual(NEWS_WITHIN_MS);
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: ORDERS });
    const each = <T>(one: T): T[] => Array.from({ length: ORDERS }, () => one);
    expect(evidence).toEqual({
      orders: each('booked'),
      charges: each('2100 EUR'),
      refunds: [],
      entries: each('charge 2100 EUR'),
    });
  });

  test('comes to an address that writes its id in capitals', async ({ page, system }) => {
    const shop = new ShopPage(page);
    await shop.fill('Espresso cup', 1);
    system.kill('enrichment', 'SIGSTOP'); // nobody checks the order before the page listens
    try {
      await shop.placeOrder().click();
      await expect(shop.orderStatus()).toContainText('Placed');
      const id = new URL(page.url()).pathname.slice('/orders/'.length);
      await page.goto(`/orders/${id.toUpperCase()}`);
      await expect(shop.orderStatus()).toContainText('Placed');
      await expect(page.getByRole('banner')).toContainText('Live');
    } finally {
      system.kill('enrichment', 'SIGCONT');
    }
    await expect(shop.orderStatus()).toContainText('Booked');
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 1 });
    expect(evidence).toEqual(bookedOnce('2100 EUR'));
  });

  test('that came between the first look and the stream is not missed', async ({
    page,
    context,
    system,
  }) => {
    const shop = new ShopPage(page);
    const late = await context.newPage();
    const booked = Promise.withResolvers<void>();
    await late.route('**/api/events', (route) => booked.promise.then(() => route.continue()));
    await shop.fill('Espresso cup', 1);
    system.kill('enrichment', 'SIGSTOP'); // nobody checks the order before the page looks
    try {
      await shop.placeOrder().click();
      await expect(shop.orderStatus()).toContainText('Placed');
      await late.goto(page.url());
      await expect(new ShopPage(late).orderStatus()).toContainText('Placed');
    } finally {
      system.kill('enrichment', 'SIGCONT');
    }
    await expect(shop.orderStatus()).toContainText('Booked');
    await expect(new ShopPage(late).orderStatus()).toContainText('Placed');
    booked.resolve();
    await expect(new ShopPage(late).orderStatus()).toContainText('Booked');
    await expect(late.getByRole('banner')).toContainText('Live');
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 1 });
    expect(evidence).toEqual(bookedOnce('2100 EUR'));
  });

  test('comes by one stream, which a page in the background gives back', async ({
    page,
    system,
  }) => {
    const open = new Set<object>();
    const resumed: (string | undefined)[] = [];
    let audits = 0;
    page.on('request', (request) => (audits += request.url().endsWith('/api/audit') ? 1 : 0));
    const isStream = (url: string): boolean => url.endsWith('/api/events');
    page.on('request', (request) => {
      if (!isStream(request.url())) return;
      open.add(request);
      resumed.push(request.headers()['last-event-id']);
    });
    page.on('requestfailed', (request) => open.delete(request));
    page.on('requestfinished', (request) => open.delete(request));

    const shop = new ShopPage(page);
    await shop.fill('Espresso cup', 1);
    await shop.placeOrder().click();
    await expect(shop.orderStatus()).toContainText('Booked');
    await page.getByRole('link', { name: 'Your orders' }).first().click();
    expect(open.size).toBe(1);

    await shop.turn('hidden');
    await expect.poll(() => open.size).toBe(0);
    const audited = audits;
    await shop.turn('visible');
    await expect.poll(() => open.size).toBe(1);
    await expect.poll(() => audits, 'who was away is told all anew').toBeGreaterThan(audited);
    expect(resumed).toEqual([undefined, expect.stringMatching(/^\d+$/)]);
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 1 });
    expect(evidence).toEqual(bookedOnce('2100 EUR'));
  });
});
