import type { BrowserContext, Page } from '@playwright/test';
import { bookedOnce, evidenceAtRest, nothing } from '../evidence.js';
import { expect, test } from '../fixtures.js';
import { isPlacing, ShopPage } from '../shop-page.js';

/** Two tabs of one browser: one customer, one cart, one wish at a time. */
async function twoTabs(page: Page, context: BrowserContext): Promise<[ShopPage, ShopPage, Page]> {
  const here = new ShopPage(page);
  await here.fill('Espresso cup', 1);
  const second = await context.newPage();
  const there = new ShopPage(second);
  await there.open();
  return [here, there, second];
}

test.describe('two tabs', () => {
  test('have one cart', async ({ page, context, system }) => {
    const [here, there] = await twoTabs(page, context);
    await expect(there.quantityOf('Espresso cup')).toHaveValue('1');
    await there.add('Milk jug', 2);
    await expect(here.quantityOf('Milk jug')).toHaveValue('2');
    const evidence = await evidenceAtRest(system, await here.customerId(), { entries: 0 });
    expect(evidence).toEqual(nothing);
  });

  test('that both press end at the same order, charged once', async ({ page, context, system }) => {
    const [here, there, second] = await twoTabs(page, context);
    const keys = [here, there].map((shop) => shop.watchKeys());
    const bothPressed = Promise.withResolvers<void>();
    await context.route('**/api/orders', async (route, request) => {
      if (isPlacing(request)) await bothPressed.promise;
      await route.fallback();
    });
    await expect(there.placeOrder()).toBeEnabled();
    // Each hears of the other at once, and may say so by the time that it is pressed.
    const press = (tab: Page): Promise<void> =>
      tab
        .getByRole('button', { name: /^(Place order|Placing your order…)$/ })
        .click({ force: true });
    await expect(here.placeOrder()).toBeEnabled();
    await Promise.all([press(page), press(second)]);
    bothPressed.resolve();

    for (const shop of [here, there]) await expect(shop.orderStatus()).toContainText('Booked');
    expect(second.url()).toBe(page.url());
    expect(keys.flat()).toHaveLength(1);
    const evidence = await evidenceAtRest(system, await here.customerId(), { entries: 1 });
    expect(evidence).toEqual(bookedOnce('2100 EUR'));
  });

  test('what one adds while the other places belongs to the next order', async ({
    page,
    context,
    system,
  }) => {
    const [here, there, second] = await twoTabs(page, context);
    const added = Promise.withResolvers<void>();
    await context.route('**/api/orders', async (route, request) => {
      if (isPlacing(request)) await added.promise;
      await route.fallback();
    });
    await here.placeOrder().click();
    await expect(second.getByRole('button', { name: 'Placing your order…' })).toBeVisible();
    await second.getByRole('button', { name: 'Add Milk jug to cart' }).click();
    const cart = second.getByRole('complementary', { name: 'Cart' });
    await expect(cart).toContainText('1 more piece waits for your next order.');
    added.resolve();

    await expect(here.orderStatus()).toContainText('Booked');
    await expect(there.quantityOf('Milk jug')).toHaveValue('1');
    await expect(second.getByRole('status', { name: 'Placing' })).toContainText('is placed.');
    const evidence = await evidenceAtRest(system, await here.customerId(), { entries: 1 });
    expect(evidence).toEqual(bookedOnce('2100 EUR'));
  });

  test('when the one that places is closed, the other brings it to its end', async ({
    page,
    context,
    system,
  }) => {
    const [here, there] = await twoTabs(page, context);
    const keys = [here, there].map((shop) => shop.watchKeys());
    const sent = Promise.withResolvers<void>();
    await page.route('**/api/orders', async (route, request) => {
      if (!isPlacing(request)) return route.fallback();
      await route.fetch();
      sent.resolve();
    });
    await here.placeOrder().click();
    await sent.promise;
    const customerId = await there.customerId();
    await page.close();

    await expect.poll(() => keys.map(({ length }) => length)).toEqual([1, 1]);
    expect(new Set(keys.flat()).size).toBe(1);
    const evidence = await evidenceAtRest(system, customerId, { entries: 1 });
    expect(evidence).toEqual(bookedOnce('2100 EUR'));
  });
});
