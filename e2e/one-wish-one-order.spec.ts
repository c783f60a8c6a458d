import { ShopClient } from '@checkout/testkit';
import type { Page } from '@playwright/test';
import { bookedEvidence } from './evidence.js';
import { expect, test } from './fixtures.js';
import { isPlacing, ShopPage } from './shop-page.js';

const once = { orders: ['booked'], charges: ['2100 EUR'], entries: ['2100 EUR'] };

async function readyToOrder(page: Page): Promise<ShopPage> {
  const shop = new ShopPage(page);
  await shop.open();
  await shop.add('Espresso cup', 1);
  await shop.payWith('Succeeds');
  return shop;
}

test.describe('one wish is one order, one charge, one ledger entry', () => {
  test('when "Place order" is clicked twice', async ({ page, system }) => {
    const shop = await readyToOrder(page);
    await shop.placeOrder().dblclick();
    await expect(shop.orderStatus()).toContainText('Booked');
    expect(await bookedEvidence(system, await shop.customerId())).toEqual(once);
  });

  test('when the page is reloaded while the order is on its way', async ({ page, system }) => {
    const shop = await readyToOrder(page);
    const keys = shop.watchKeys();
    const arrived = Promise.withResolvers<number>();
    await page.route('**/api/orders', async (route, request) => {
      if (!isPlacing(request) || keys.length > 1) return route.fallback();
      arrived.resolve((await route.fetch()).status()); // the order is made, its answer never comes
    });
    await shop.placeOrder().click();
    expect(await arrived.promise).toBe(201);
    await page.reload();

    await expect(shop.orderStatus()).toContainText('Booked');
    expect(keys, 'sent again, with the same key').toEqual([keys[0], keys[0]]);
    expect(await bookedEvidence(system, await shop.customerId())).toEqual(once);
  });

  test('when the network is cut while the order is on its way', async ({ page, system }) => {
    const shop = await readyToOrder(page);
    const keys = shop.watchKeys();
    await page.route('**/api/orders', async (route, request) => {
      if (!isPlacing(request) || keys.length > 2) return route.fallback();
      if (keys.length === 2) await route.fetch();
      await route.abort('connectionreset');
    });
    await shop.placeOrder().click();

    await expect(shop.orderStatus()).toContainText('Booked');
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(await bookedEvidence(system, await shop.customerId())).toEqual(once);
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
    expect(await bookedEvidence(system, session.customerId)).toEqual(once);
  });
});
