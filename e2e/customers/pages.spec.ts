import type { Page } from '@playwright/test';
import { bookedOnce, type Evidence, evidenceAtRest, nothing, shopAtRest } from '../evidence.js';
import { expect, test } from '../fixtures.js';
import { expectGoodLooks, PHONE } from '../looks.js';
import { ShopPage } from '../shop-page.js';

/** Every page in every state that has a look of its own, and how a reader gets there. */
interface Scene {
  open(page: Page): Promise<void>;
  /** What its reader has ordered; when absent, nothing is ordered by anybody. */
  readonly ordered?: Evidence;
}

const SCENES: Readonly<Record<string, Scene>> = {
  'the API, documented': { open: async (page) => void (await page.goto('/docs')) },
  'the shop': { open: (page) => new ShopPage(page).open() },
  'the shop with a cart': { open: (page) => new ShopPage(page).fill('Limited print', 99) },
  'a shop that refuses': {
    async open(page) {
      const shop = new ShopPage(page);
      await page.route('**/api/products', async (route) => {
        const answer = await route.fetch();
        const text = (await answer.text()).replace('"2100"', '"2000"'); // before a price went up
        await route.fulfill({ response: answer, body: text });
      });
      await shop.fill('Espresso cup', 1);
      await page.getByRole('radio', { name: 'Succeeds' }).press('Enter');
      await expect(page.getByRole('alert')).toContainText('€21.00');
      await expect(page.getByRole('radio', { name: 'Succeeds' })).toBeFocused();
    },
  },
  'a booked order, its timeline open': {
    async open(page) {
      await bookedOrder(page);
      await page.getByText('Where it happened').click();
      const timeline = page.getByRole('region', { name: /^Timeline of order/ });
      await expect(timeline.getByRole('listitem')).not.toHaveCount(0);
      await timeline.getByText('Details').first().click();
    },
    ordered: bookedOnce('2100 EUR'),
  },
  'a cancellation to confirm': {
    async open(page) {
      await bookedOrder(page);
      await page.getByRole('button', { name: 'Cancel order' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
    ordered: bookedOnce('2100 EUR'),
  },
  'a failed payment': {
    async open(page) {
      const shop = new ShopPage(page);
      await shop.fill('Espresso cup', 1, 'Insufficient funds');
      await shop.placeOrder().click();
      await expect(shop.orderStatus()).toContainText('Payment failed');
    },
    ordered: { ...nothing, orders: ['payment_failed'] },
  },
  'own orders': {
    async open(page) {
      await bookedOrder(page);
      await page.getByRole('link', { name: 'Your orders' }).first().click();
      await expect(page.getByRole('status', { name: 'Orders' })).toHaveText('One order.');
    },
    ordered: bookedOnce('2100 EUR'),
  },
  'no orders yet': {
    async open(page) {
      await page.goto('/orders');
      await expect(page.getByRole('status', { name: 'Orders' })).toContainText('not ordered');
    },
  },
  'a browser that keeps nothing': {
    async open(page) {
      await page.addInitScript(() => {
        IDBFactory.prototype.open = () => {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        };
      });
      await page.goto('/');
      const says = page.getByRole('main').getByRole('status');
      await expect(says).toContainText('Your browser does not let this page keep anything');
    },
  },
  'an order that cannot be written down': {
    async open(page) {
      const shop = new ShopPage(page);
      await shop.fill('Espresso cup', 1);
      await page.evaluate(() => {
        IDBObjectStore.prototype.put = () => {
          throw new DOMException('The disk is full.', 'QuotaExceededError');
        };
      });
      await shop.placeOrder().click();
      await expect(page.getByRole('alert')).toContainText('keep the order’s key on the disk');
    },
  },
  'an order that is not there': {
    async open(page) {
      await page.goto('/orders/none');
      await expect(page.getByRole('heading', { name: 'Order not found' })).toBeVisible();
    },
  },
  'an address that cannot be read': {
    async open(page) {
      const answer = await page.goto('/orders/%zz');
      expect(answer?.status()).toBe(404);
      await expect(page.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
    },
  },
  'an address that is no page': {
    async open(page) {
      const answer = await page.goto('/nowhere');
      expect(answer?.status()).toBe(404);
      await expect(page.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
    },
  },
};

async function bookedOrder(page: Page): Promise<void> {
  const shop = new ShopPage(page);
  await shop.fill('Espresso cup', 1);
  await shop.placeOrder().click();
  await expect(shop.orderStatus()).toContainText('Booked');
}

test.describe('every page', () => {
  for (const [name, { open, ordered }] of Object.entries(SCENES)) {
    test(`${name}: fits a phone, and is usable with any eyes, by day and by night`, async ({
      page,
      system,
    }) => {
      const before = await shopAtRest(system);
      await page.setViewportSize(PHONE);
      await open(page);
      await expectGoodLooks(page);
      if (!ordered) return expect(await shopAtRest(system)).toEqual(before);
      const entries = ordered.entries.length;
      const reader = await new ShopPage(page).customerId();
      expect(await evidenceAtRest(system, reader, { entries })).toEqual(ordered);
    });
  }
});

test.describe('the pages', () => {
  test('of the API lead back to the shop', async ({ page, system }) => {
    const before = await shopAtRest(system);
    await page.goto('/docs');
    await expect(page).toHaveTitle(/^API/);
    const way = page.getByRole('banner').getByRole('link', { name: 'Shop', exact: true });
    await way.click();
    await expect(page.getByRole('heading', { name: 'Shop', level: 1 })).toBeVisible();
    expect(await shopAtRest(system)).toEqual(before);
  });

  test('do not jump while they load, and keep still for who wants it', async ({ page, system }) => {
    const before = await shopAtRest(system);
    await page.addInitScript(() => {
      const jumps: number[] = [];
      Object.assign(globalThis, { jumps });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          jumps.push((entry as PerformanceEntry & { value: number }).value);
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await new ShopPage(page).open();
    await page.goto('/orders');
    await expect(page.getByRole('status', { name: 'Orders' })).toContainText('not ordered');
    const jumps = await page.evaluate(() => (globalThis as unknown as { jumps: number[] }).jumps);
    expect(jumps.reduce((sum, value) => sum + value, 0)).toBeLessThan(0.02);
    const moving = await page.evaluate(() => document.getAnimations().length);
    expect(moving, 'the reader asked for reduced motion').toBe(0);
    expect(await shopAtRest(system)).toEqual(before);
  });
});
