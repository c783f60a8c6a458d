import { expect, test } from './fixtures.js';
import { ShopPage } from './shop-page.js';

/** Compressed, as it travels. */
const FIRST_LOAD_SCRIPT_BYTES = 130 * 1024;

test.describe('the pages', () => {
  test('load quickly, from one place, under a policy that allows nothing else', async ({
    page,
  }) => {
    let scriptBytes = 0;
    page.on('requestfinished', async (request) => {
      if (request.resourceType() !== 'script') return;
      scriptBytes += (await request.sizes()).responseBodySize;
    });
    const answer = await page.goto('/');
    expect(answer?.headers()['content-security-policy']).toContain("default-src 'self'");
    await expect(page.getByRole('heading', { name: 'Shop' })).toBeVisible();
    await expect.poll(() => scriptBytes).toBeGreaterThan(0);
    expect(scriptBytes).toBeLessThanOrEqual(FIRST_LOAD_SCRIPT_BYTES);
  });

  test('take an order from the keyboard alone', async ({ page }) => {
    const shop = new ShopPage(page);
    await shop.open();
    await page.getByRole('button', { name: 'Add Espresso cup to cart' }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('Quantity of Espresso cup')).toHaveValue('1');
    await page.getByRole('radio', { name: 'Succeeds' }).focus();
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('radio', { name: 'Declined' })).toBeChecked();
    await page.keyboard.press('Tab');
    await expect(shop.placeOrder()).toBeFocused();
    await page.keyboard.press('Enter');

    await expect(page.getByRole('heading', { name: /^Order / })).toBeFocused();
    await expect(shop.orderStatus()).toContainText('Payment failed');
  });

  test('fit a phone', async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    const shop = new ShopPage(page);
    await shop.open();
    await shop.add('Espresso cup', 1);
    const sideways = () =>
      page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await sideways()).toBeLessThanOrEqual(0);
    await shop.placeOrder().click();
    await expect(shop.orderStatus()).toContainText('Booked');
    expect(await sideways()).toBeLessThanOrEqual(0);
  });
});
