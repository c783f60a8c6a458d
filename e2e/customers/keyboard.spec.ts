import type { Page } from '@playwright/test';
import { bookedOnce, evidenceAtRest, nothing } from '../evidence.js';
import { expect, test } from '../fixtures.js';
import { PHONE } from '../looks.js';
import { ShopPage } from '../shop-page.js';

/** Links that lead to a place on the page, and so into its address. */
const JUMPS = { 'Skip to the content': '#main', 'Go to the cart, 1 piece': '#cart' } as const;

/** A browser may move the focus until what it goes back to is on the screen. */
async function isOnTheScreen(page: Page): Promise<void> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  for (let frames = 0; frames < 2; frames++) await page.evaluate(frame);
}

test.describe('by keyboard alone, the pages', () => {
  test('keep the place of a reader whose line leaves the cart', async ({ page, system }) => {
    const shop = new ShopPage(page);
    const news = page.getByRole('status', { name: 'Cart news' });
    await shop.fill('Espresso cup', 1);
    await shop.add('Milk jug', 2);
    await page.getByRole('button', { name: 'Remove Espresso cup' }).press('Enter');
    await expect(news).toHaveText('Espresso cup removed. 2 in the cart.');
    await expect(page.getByRole('button', { name: 'One Milk jug fewer' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(news).toHaveText('1 of Milk jug. 1 in the cart.');
    await expect(page.getByRole('button', { name: 'Remove Milk jug' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(news).toHaveText('Milk jug removed. The cart is empty.');
    await expect(page.getByRole('heading', { name: 'Cart' })).toBeFocused();
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 0 });
    expect(evidence).toEqual(nothing);
  });

  test('keep the place of a reader whose product sells out meanwhile', async ({ page, system }) => {
    const shop = new ShopPage(page);
    await shop.open();
    const add = page.getByRole('button', { name: 'Add Recipe book to cart' });
    await expect(page.getByRole('banner')).toContainText('Live');
    await add.focus();
    await page.route('**/api/products', async (route) => {
      const answer = await route.fetch();
      const { data } = (await answer.json()) as { data: { sku: string; available: number }[] };
      const soldOut = data.map((one) =>
        one.sku === 'recipe-book' ? { ...one, available: 0 } : one,
      );
      await route.fulfill({ response: answer, json: { data: soldOut } });
    });
    await shop.turn('hidden');
    await shop.turn('visible');
    await expect(page.getByRole('listitem').filter({ has: add })).toContainText('Sold out');
    await expect(add).toBeFocused();
    await expect(add).toBeDisabled();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('status', { name: 'Cart news' })).toHaveText('');
    const cart = page.getByRole('complementary', { name: 'Cart' });
    await expect(cart).toContainText('Nothing in it yet.');
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 0 });
    expect(evidence).toEqual(nothing);
  });

  test('take an order and cancel it from the keyboard alone', async ({ page, system }) => {
    const shop = new ShopPage(page);
    await shop.open();
    await page.getByRole('button', { name: 'Add Espresso cup to cart' }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('status', { name: 'Cart news' })).toHaveText(
      'Espresso cup added. 1 in the cart.',
    );
    await shop.quantityOf('Espresso cup').focus();
    await page.keyboard.type('3');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: 'One Espresso cup more' })).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(page.getByRole('radio', { name: 'Succeeds' })).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('radio', { name: 'Declined' })).toBeChecked();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Tab');
    await expect(shop.placeOrder()).toBeFocused();
    await page.keyboard.press('Enter');

    await expect(page.getByRole('heading', { name: /^Order / })).toBeFocused();
    await expect(shop.orderStatus()).toContainText('your card was charged €63.00 once');
    await page.keyboard.press('Tab');
    await expect(shop.cancelOrder()).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Keep the order' })).toBeFocused();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(shop.orderStatus()).toContainText('€63.00 went back to your card');
    await expect(shop.cancelOrder()).toHaveCount(0);
    await expect(shop.orderStatus()).toBeFocused();
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 2 });
    expect(evidence).toEqual({
      orders: ['refunded'],
      charges: ['6300 EUR'],
      refunds: ['6300 EUR'],
      entries: ['charge 6300 EUR', 'refund 6300 EUR'],
    });
  });

  for (const [name, place] of Object.entries(JUMPS)) {
    test(`lead back from an order to the heading, after "${name}", too`, async ({
      page,
      system,
    }) => {
      await page.setViewportSize(PHONE);
      const shop = new ShopPage(page);
      await shop.fill('Espresso cup', 1);
      await page.getByRole('link', { name }).press('Enter');
      await expect(page).toHaveURL(`${system.url}/${place}`);
      await shop.placeOrder().press('Enter');
      await expect(shop.orderStatus()).toContainText('Booked');
      await page.goBack();
      const heading = page.getByRole('heading', { name: 'Shop', level: 1 });
      await expect(heading).toBeVisible();
      await isOnTheScreen(page);
      await expect(heading).toBeFocused();
      const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 1 });
      expect(evidence).toEqual(bookedOnce('2100 EUR'));
    });
  }

  test('keep the place of a reader whose request is no longer the latest', async ({
    page,
    context,
    system,
  }) => {
    const shop = new ShopPage(page);
    await shop.fill('Espresso cup', 1);
    await shop.placeOrder().click();
    await expect(shop.orderStatus()).toContainText('Booked');
    const repeat = page.getByRole('button', { name: 'Send the same request again' });
    await repeat.press('Enter');
    await expect(page.getByRole('status', { name: 'Answer to the repeat' })).toContainText(
      'no second one',
    );
    await expect(repeat).toBeFocused();
    const other = new ShopPage(await context.newPage());
    await other.fill('Espresso cup', 1);
    await other.placeOrder().click();
    await expect(other.orderStatus()).toContainText('Booked');
    await expect(repeat).toHaveCount(0);
    await expect(shop.orderStatus()).toBeFocused();
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 2 });
    expect(evidence).toMatchObject({ orders: ['booked', 'booked'], refunds: [] });
  });
});
