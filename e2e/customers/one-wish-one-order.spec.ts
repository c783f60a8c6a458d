import { ShopClient } from '@checkout/testkit';
import type { Page, Route } from '@playwright/test';
import { bookedOnce, evidenceAtRest } from '../evidence.js';
import { expect, test } from '../fixtures.js';
import { isPlacing, ShopPage } from '../shop-page.js';

const once = bookedOnce('2100 EUR');

async function readyToOrder(page: Page): Promise<ShopPage> {
  const shop = new ShopPage(page);
  await shop.fill('Espresso cup', 1);
  return shop;
}

/** Decides about each order that a page sends, by how many were sent before it. */
async function onPlacing(
  page: Page,
  decide: (route: Route, before: number) => Promise<void>,
): Promise<void> {
  let sent = 0;
  await page.route('**/api/orders', (route, request) =>
    isPlacing(request) ? decide(route, sent++) : route.fallback(),
  );
}

test.describe('one wish is one order, one charge, one ledger entry', () => {
  test('when "Place order" is clicked twice', async ({ page, system }) => {
    const shop = await readyToOrder(page);
    await shop.placeOrder().dblclick();
    await expect(shop.orderStatus()).toContainText('Booked');
    expect(await evidenceAtRest(system, await shop.customerId(), { entries: 1 })).toEqual(once);
  });

  test('when the page is reloaded while the order is on its way', async ({ page, system }) => {
    const shop = await readyToOrder(page);
    const keys = shop.watchKeys();
    const made = Promise.withResolvers<number>();
    await onPlacing(page, async (route, before) => {
      if (before > 0) return route.fallback();
      made.resolve((await route.fetch()).status()); // the order is made, its answer never comes
    });
    await shop.placeOrder().click();
    expect(await made.promise).toBe(201);
    await page.reload();

    await expect(shop.orderStatus()).toContainText('Booked');
    expect(keys, 'sent again, with the same key').toEqual([keys[0], keys[0]]);
    expect(await evidenceAtRest(system, await shop.customerId(), { entries: 1 })).toEqual(once);
  });

  test('when the network is cut while the order is on its way', async ({ page, system }) => {
    const shop = await readyToOrder(page);
    const keys = shop.watchKeys();
    await onPlacing(page, async (route, before) => {
      if (before > 1) return route.fallback();
      if (before === 1) await route.fetch();
      await route.abort('connectionreset');
    });
    await shop.placeOrder().click();

    await expect(shop.orderStatus()).toContainText('Booked');
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(await evidenceAtRest(system, await shop.customerId(), { entries: 1 })).toEqual(once);
  });

  test('when the network is away at the press and comes back later', async ({
    page,
    context,
    system,
  }) => {
    const shop = await readyToOrder(page);
    await context.setOffline(true);
    await shop.placeOrder().click();
    const waiting = page.getByRole('status', { name: 'Waiting for an answer' });
    await expect(waiting).toContainText('it cannot become a second order');
    await context.setOffline(false);

    await expect(shop.orderStatus()).toContainText('Booked');
    expect(await evidenceAtRest(system, await shop.customerId(), { entries: 1 })).toEqual(once);
  });

  test('when the answer is slow, and the reader is told so', async ({ page, system }) => {
    const shop = await readyToOrder(page);
    const keys = shop.watchKeys();
    const told = Promise.withResolvers<void>();
    await onPlacing(page, async (route) => {
      await told.promise;
      await route.fallback();
    });
    await shop.placeOrder().click();
    await expect(page.getByRole('button', { name: 'Placing your order…' })).toBeFocused();
    await expect(page.getByRole('status', { name: 'Waiting for an answer' })).toContainText(
      'No answer yet.',
    );
    told.resolve();

    await expect(shop.orderStatus()).toContainText('Booked');
    expect(keys).toHaveLength(1);
    expect(await evidenceAtRest(system, await shop.customerId(), { entries: 1 })).toEqual(once);
  });

  test('when the reader goes back and forth afterwards', async ({ page, system }) => {
    const shop = await readyToOrder(page);
    await shop.placeOrder().click();
    await expect(shop.orderStatus()).toContainText('Booked');
    const order = page.url();
    await page.goBack();
    await expect(page.getByRole('complementary', { name: 'Cart' })).toContainText('Nothing in it');
    await page.reload();
    await expect(page.getByRole('complementary', { name: 'Cart' })).toContainText('Nothing in it');
    await page.goForward();
    await expect(shop.orderStatus()).toContainText('Booked');
    expect(page.url()).toBe(order);
    expect(await evidenceAtRest(system, await shop.customerId(), { entries: 1 })).toEqual(once);
  });

  test('when the reader leaves the shop with the order on its way', async ({ page, system }) => {
    const shop = await readyToOrder(page);
    const away = Promise.withResolvers<void>();
    await onPlacing(page, async (route) => {
      await away.promise;
      await route.fallback();
    });
    await shop.placeOrder().click();
    await page.getByRole('link', { name: 'Your orders' }).click();
    const notice = page.getByRole('status', { name: 'Placing' });
    await expect(notice).toHaveText('Your order is being placed…');
    away.resolve();
    await expect(notice).toContainText('is placed.');
    await notice.getByRole('link', { name: 'See how it goes' }).click();

    await expect(shop.orderStatus()).toContainText('Booked');
    expect(await evidenceAtRest(system, await shop.customerId(), { entries: 1 })).toEqual(once);
  });

  test('when the reader sends the same request again to see what happens', async ({
    page,
    system,
  }) => {
    const shop = await readyToOrder(page);
    const keys = shop.watchKeys();
    await shop.placeOrder().click();
    await expect(shop.orderStatus()).toContainText('Booked');
    await page.getByRole('button', { name: 'Send the same request again' }).click();
    await expect(page.getByRole('status', { name: 'Answer to the repeat' })).toHaveText(
      'The shop knew the key: the same order again, and no second one.',
    );
    expect(keys).toEqual([keys[0], keys[0]]);
    expect(await evidenceAtRest(system, await shop.customerId(), { entries: 1 })).toEqual(once);
  });

  test('when a program repeats it: the same bytes again, and a word that they are', async ({
    system,
  }) => {
    const client = new ShopClient(system.url);
    const session = await client.openSession();
    const lines = [{ sku: 'espresso-cup', quantity: 1 }];
    const body = JSON.stringify({ lines, paymentMethod: 'pm_card_visa' });
    const place = () => client.call('POST', '/api/orders', { body, session, key: 'k-1' });

    const [first, again] = [await place(), await place()];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toBe(first.body);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(again.headers.get('idempotent-replayed')).toBe('true');

    const other = body.replace('"quantity":1', '"quantity":2');
    const clash = await client.call('POST', '/api/orders', { body: other, session, key: 'k-1' });
    expect(clash.status).toBe(422);
    expect(await evidenceAtRest(system, session.customerId, { entries: 1 })).toEqual(once);
  });
});
