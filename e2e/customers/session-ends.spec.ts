import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { bookedOnce, evidenceAtRest, nothing } from '../evidence.js';
import { expect, test } from '../fixtures.js';
import { restart } from '../restart.js';
import { isPlacing, ShopPage } from '../shop-page.js';

const once = bookedOnce('2100 EUR');

/** As a cookie of twelve hours ends: the browser does not send it any more. */
const cookieEnds = (page: Page) => page.context().clearCookies();

/** The first order that the page sends is made, and its answer never comes. */
async function orderWithoutAnswer(page: Page, shop: ShopPage): Promise<void> {
  let sent = 0;
  const made = Promise.withResolvers<void>();
  await page.route('**/api/orders', async (route, request) => {
    if (!isPlacing(request) || sent++ > 0) return route.fallback();
    await route.fetch();
    made.resolve();
  });
  await shop.placeOrder().click();
  await made.promise;
}

test.describe('when the session ends', () => {
  test('the cart is there as before, and the order is that of the same customer', async ({
    page,
    system,
  }) => {
    const shop = new ShopPage(page);
    await shop.fill('Espresso cup', 1);
    const customerId = await shop.customerId();
    await cookieEnds(page);
    await page.reload();
    await expect(shop.quantityOf('Espresso cup')).toHaveValue('1');
    await cookieEnds(page);
    await shop.placeOrder().click();

    await expect(shop.orderStatus()).toContainText('Booked');
    expect(await shop.customerId()).toBe(customerId);
    expect(await evidenceAtRest(system, customerId, { entries: 1 })).toEqual(once);
  });

  test('with the answer outstanding, the next session sends the same key: one order', async ({
    page,
    system,
  }) => {
    const shop = new ShopPage(page);
    await shop.fill('Espresso cup', 1);
    const keys = shop.watchKeys();
    await orderWithoutAnswer(page, shop);
    await cookieEnds(page);
    await page.reload();

    await expect(shop.orderStatus()).toContainText('Booked');
    expect(new Set(keys).size).toBe(1);
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 1 });
    expect(evidence).toEqual(once);
  });

  test("with the answer outstanding, and the next is another customer's: not sent again", async ({
    page,
    system,
  }) => {
    const shop = new ShopPage(page);
    await shop.fill('Espresso cup', 1);
    const owner = await shop.customerId();
    await orderWithoutAnswer(page, shop);
    const answers: number[] = [];
    page.on('response', (response) => {
      if (isPlacing(response.request())) answers.push(response.status());
    });
    // Outside the demo nobody may name his customer: the shop gives a new one.
    await page.route('**/api/session', (route) => {
      const named = route.request().postData()?.includes('customerId');
      return named ? route.fulfill({ status: 403 }) : route.fallback();
    });
    await cookieEnds(page);
    await page.reload();

    await expect(page.getByRole('alert')).toContainText('Your session ended');
    await expect(shop.quantityOf('Espresso cup')).toHaveValue('1');
    const stranger = await shop.customerId();
    expect(stranger).not.toBe(owner);
    expect(
      answers.filter((status) => status !== 401),
      'sent in any name',
    ).toEqual([]);
    await expect(page.getByRole('button', { name: 'Place order' })).toBeEnabled();
    expect(await evidenceAtRest(system, owner, { entries: 1 })).toEqual(once);
    expect(await evidenceAtRest(system, stranger, { entries: 0 })).toEqual(nothing);
  });

  test("with all the site's data, under an open page: the shop opens anew", async ({
    page,
    system,
  }) => {
    const shop = new ShopPage(page);
    await shop.fill('Milk jug', 1);
    const before = await shop.customerId();
    await cookieEnds(page);
    await page.evaluate(async () => {
      const clearing = indexedDB.deleteDatabase('checkout');
      await new Promise((resolve) => (clearing.onsuccess = resolve));
    });
    await page.getByRole('button', { name: 'Add Espresso cup to cart' }).click();

    await expect(shop.quantityOf('Espresso cup')).toHaveValue('1');
    await expect(shop.quantityOf('Milk jug')).toHaveCount(0);
    await shop.placeOrder().click();
    await expect(shop.orderStatus()).toContainText('Booked');
    const after = await shop.customerId();
    expect(after).not.toBe(before);
    expect(await evidenceAtRest(system, before, { entries: 0 })).toEqual(nothing);
    expect(await evidenceAtRest(system, after, { entries: 1 })).toEqual(once);
  });

  test('a page that is open goes on hearing of its orders', async ({ page, system }) => {
    const shop = new ShopPage(page);
    await shop.fill('Espresso cup', 1);
    await cookieEnds(page);
    await restart(system, 'console'); // the stream must be opened again, without a session
    await expect(page.getByRole('banner')).toContainText('Live');
    await shop.placeOrder().click();
    await expect(shop.orderStatus()).toContainText('Booked');
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 1 });
    expect(evidence).toEqual(once);
  });

  test('and the token is worth nothing, it is a stranger who asks', async ({ page, system }) => {
    const shop = new ShopPage(page);
    await shop.open();
    const { hostname } = new URL(page.url());
    const forged = { name: 'session', value: randomUUID(), domain: hostname, path: '/' };
    await page.context().addCookies([forged]);
    expect((await page.request.get('/api/orders')).status()).toBe(401);
    await page.goto('/orders');
    await expect(page.getByRole('status', { name: 'Orders' })).toContainText('not ordered');
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 0 });
    expect(evidence).toEqual(nothing);
  });
});
