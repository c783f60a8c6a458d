import type { Page } from '@playwright/test';
import { bookedOnce, evidenceAtRest } from '../evidence.js';
import { expect, test } from '../fixtures.js';
import { restart } from '../restart.js';
import { ShopPage } from '../shop-page.js';

const once = bookedOnce('2100 EUR');

const live = (page: Page) => page.getByRole('banner').getByText('Live', { exact: true });

test.describe('while a page is open', () => {
  for (const name of ['console', 'order']) {
    test(`${name} dies under an order: the page goes on, and it is booked once`, async ({
      page,
      system,
    }) => {
      const shop = new ShopPage(page);
      await shop.fill('Espresso cup', 1);
      const keys = shop.watchKeys();
      await expect(live(page)).toBeVisible();
      system.kill(name, 'SIGSTOP'); // so that the order is on its way when the blow falls
      await shop.placeOrder().click();
      await expect(page.getByRole('status', { name: 'Waiting for an answer' })).toContainText(
        'it cannot become a second order',
      );
      await restart(system, name);

      await expect(shop.orderStatus()).toContainText('Booked', { timeout: 30_000 });
      await expect(live(page)).toBeVisible();
      expect(new Set(keys).size).toBe(1);
      const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 1 });
      expect(evidence).toEqual(once);
    });

    test(`${name} restarts under an order page: nothing is missed`, async ({ page, system }) => {
      const shop = new ShopPage(page);
      await shop.fill('Espresso cup', 1);
      system.kill('enrichment', 'SIGSTOP');
      const resumed: string[] = [];
      page.on('request', (request) => {
        if (!request.url().endsWith('/api/events')) return;
        resumed.push(request.headers()['last-event-id'] ?? 'from the start');
      });
      try {
        await shop.placeOrder().click();
        await expect(shop.orderStatus()).toContainText('Placed');
        system.kill(name, 'SIGKILL');
        await expect(page.getByRole('banner')).toContainText('Reconnecting…');
      } finally {
        system.kill('enrichment', 'SIGCONT');
      }
      await system.ready(name);
      await expect(live(page)).toBeVisible();
      await expect(shop.orderStatus()).toContainText('Booked');
      await expect(shop.history()).toHaveText([/Placed/, /Approved/, /Paid/, /Booked/]);
      expect(resumed.at(-1), 'the stream goes on where it was').toMatch(/^\d+$/);
      const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 1 });
      expect(evidence).toEqual(once);
    });
  }
});
