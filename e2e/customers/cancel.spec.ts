import { query, until, type System } from '@checkout/testkit';
import type { Page } from '@playwright/test';
import { evidenceAtRest, nothing, ordersOf } from '../evidence.js';
import { expect, test } from '../fixtures.js';
import { isCancelling, ShopPage } from '../shop-page.js';

const charged = { charges: ['2100 EUR'], refunds: ['2100 EUR'] };
const refundedOnce = {
  ...charged,
  orders: ['refunded'],
  entries: ['charge 2100 EUR', 'refund 2100 EUR'],
};

async function placed(page: Page): Promise<ShopPage> {
  const shop = new ShopPage(page);
  await shop.fill('Espresso cup', 1);
  await shop.placeOrder().click();
  await expect(shop.orderStatus()).toBeVisible();
  return shop;
}

async function booked(page: Page): Promise<ShopPage> {
  const shop = await placed(page);
  await expect(shop.orderStatus()).toContainText('Booked');
  return shop;
}

/** An order that nobody checks while the work goes on: the page sees it as placed. */
async function whileNobodyChecks(system: System, work: () => Promise<void>): Promise<void> {
  system.kill('enrichment', 'SIGSTOP');
  try {
    await work();
  } finally {
    system.kill('enrichment', 'SIGCONT');
  }
}

/** The payment service has read the wish. */
async function wishArrived(system: System, shop: ShopPage): Promise<void> {
  const [order] = await ordersOf(system, await shop.customerId());
  await until({ what: 'the wish reaches the payment service', withinMs: 15_000 }, async () => {
    const found = await query(
      system.databaseUrl('payments'),
      'SELECT 1 FROM payments WHERE order_id = $1',
      [order?.id],
    );
    return found.length > 0;
  });
}

test.describe('a customer who cancels', () => {
  test('before the charge pays nothing', async ({ page, system }) => {
    let shop: ShopPage | undefined;
    await whileNobodyChecks(system, async () => {
      shop = await placed(page);
      await shop.confirmCancelling();
      await expect(shop.orderStatus()).toContainText('You asked to cancel.');
      await wishArrived(system, shop);
    });
    if (!shop) throw new Error('nothing was placed');
    await expect(shop.orderStatus()).toContainText('is cancelled. Nothing was charged.');
    await expect(shop.history()).toHaveText([/Placed/, /Approved/, /Cancelled/]);
    await expect(shop.cancelOrder()).toHaveCount(0);
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 0 });
    expect(evidence).toEqual({ ...nothing, orders: ['cancelled'] });
  });

  test('a booked order gets the whole amount back, once', async ({ page, system }) => {
    const shop = await booked(page);
    await shop.confirmCancelling();
    await expect(shop.orderStatus()).toContainText('is cancelled. €21.00 went back to your card.');
    await expect(shop.history()).toHaveText([/Placed/, /Approved/, /Paid/, /Booked/, /Refunded/]);
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 2 });
    expect(evidence).toEqual(refundedOnce);
  });

  test('and thinks better of it has cancelled nothing', async ({ page, system }) => {
    const shop = await booked(page);
    const keys = shop.watchKeys(isCancelling);
    const dialog = page.getByRole('dialog');
    await shop.cancelOrder().click();
    await expect(dialog).toContainText('Your card was charged €21.00');
    await dialog.getByRole('button', { name: 'Keep the order' }).click();
    await shop.cancelOrder().click();
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(shop.cancelOrder()).toBeFocused();

    expect(keys).toEqual([]);
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 1 });
    expect(evidence).toMatchObject({ orders: ['booked'], refunds: [] });
  });

  test('and reloads with the answer outstanding has asked once', async ({ page, system }) => {
    const shop = await booked(page);
    const keys = shop.watchKeys(isCancelling);
    const arrived = Promise.withResolvers<number>();
    await page.route('**/cancel', async (route) => {
      if (keys.length > 1) return route.fallback();
      arrived.resolve((await route.fetch()).status()); // it is noted, and its answer never comes
    });
    await shop.confirmCancelling();
    expect(await arrived.promise).toBe(202);
    await page.reload();

    await expect(shop.orderStatus()).toContainText('went back to your card');
    await expect.poll(() => keys, 'sent again, with the same key').toEqual([keys[0], keys[0]]);
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 2 });
    expect(evidence).toEqual(refundedOnce);
  });

  test('in two tabs, over a network that drops answers, has asked once', async ({
    page,
    context,
    system,
  }) => {
    const shop = await booked(page);
    const other = await context.newPage();
    // Neither hears of the other's wish before it has its own.
    const pressed = Promise.withResolvers<void>();
    await context.route('**/api/events', async (route) => {
      await pressed.promise;
      await route.fallback();
    });
    await page.reload();
    await other.goto(page.url());
    const shops = [shop, new ShopPage(other)];
    const keys = shops.map((one) => one.watchKeys(isCancelling));
    await context.route('**/cancel', async (route) => {
      if (keys.flat().length > 2) return route.fallback();
      await route.fetch();
      await route.abort('connectionreset');
    });
    for (const one of shops) await expect(one.cancelOrder()).toBeVisible();
    await Promise.all(shops.map((one) => one.confirmCancelling()));
    pressed.resolve();

    for (const one of shops) {
      await expect(one.orderStatus()).toContainText('went back to your card');
    }
    await expect.poll(() => keys.flat().length).toBeGreaterThan(2);
    expect(new Set(keys.flat()).size).toBe(1);
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 2 });
    expect(evidence).toEqual(refundedOnce);
  });

  test('tells every tab at once, by the stream alone', async ({ page, context, system }) => {
    const other = await context.newPage();
    await whileNobodyChecks(system, async () => {
      const shop = await placed(page);
      await other.goto(page.url());
      await expect(new ShopPage(other).cancelOrder()).toBeVisible();
      await expect(other.getByRole('banner')).toContainText('Live');
      // Whatever it asks from now on stays unanswered.
      await other.route('**/api/orders/*', () => undefined);
      await shop.confirmCancelling();
      for (const tab of [page, other]) {
        await expect(new ShopPage(tab).orderStatus()).toContainText('You asked to cancel.');
        await expect(tab.getByRole('status', { name: 'Cancellation' })).toHaveText(
          'Your wish to cancel is noted.',
        );
      }
      await wishArrived(system, shop);
    });
    await expect(new ShopPage(other).orderStatus()).toContainText('Nothing was charged.');
    const customerId = await new ShopPage(page).customerId();
    const evidence = await evidenceAtRest(system, customerId, { entries: 0 });
    expect(evidence).toEqual({ ...nothing, orders: ['cancelled'] });
  });

  test('too late is told why, in words', async ({ page, system }) => {
    const shop = new ShopPage(page);
    await page.route('**/api/events', () => undefined); // no news reaches the page
    await whileNobodyChecks(system, async () => {
      await shop.fill('Hand mill', 78);
      await shop.placeOrder().click();
      await expect(shop.orderStatus()).toContainText('Placed');
    });
    await until({ what: 'the order is rejected', withinMs: 15_000 }, async () => {
      const [order] = await ordersOf(system, await shop.customerId());
      return order?.status === 'rejected';
    });
    await expect(shop.orderStatus()).toContainText('Placed');
    await shop.confirmCancelling();
    await expect(page.getByRole('status', { name: 'Cancellation' })).toHaveText(
      'Not cancelled: The order was rejected, and nothing was charged.',
    );
    await expect(shop.orderStatus()).toContainText('Rejected');
    await expect(shop.orderStatus()).toBeFocused();
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 0 });
    expect(evidence).toEqual({ ...nothing, orders: ['rejected'] });
  });

  test('is not asked any longer once the order has ended', async ({ page, system }) => {
    const shop = new ShopPage(page);
    await whileNobodyChecks(system, async () => {
      await shop.fill('Hand mill', 78);
      await shop.placeOrder().click();
      await expect(shop.orderStatus()).toContainText('Placed');
      await shop.cancelOrder().click();
      await expect(page.getByRole('dialog')).toBeVisible();
    });
    await expect(shop.orderStatus()).toContainText('Rejected');
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect(page.getByRole('status', { name: 'Cancellation' })).toHaveText(
      'The order has ended meanwhile, so there is nothing left to cancel.',
    );
    await expect(shop.orderStatus()).toBeFocused();
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 0 });
    expect(evidence).toEqual({ ...nothing, orders: ['rejected'] });
  });

  test('in another tab is not asked in this one any longer', async ({ page, context, system }) => {
    const other = await context.newPage();
    await whileNobodyChecks(system, async () => {
      const shop = await placed(page);
      await shop.cancelOrder().click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await other.goto(page.url());
      await new ShopPage(other).confirmCancelling();
      await expect(page.getByRole('dialog')).toBeHidden();
      await expect(page.getByRole('status', { name: 'Cancellation' })).toHaveText(
        'Your wish to cancel is noted.',
      );
      await expect(shop.orderStatus()).toContainText('You asked to cancel.');
      await expect(shop.orderStatus()).toBeFocused();
      await wishArrived(system, shop);
    });
    const customerId = await new ShopPage(page).customerId();
    const evidence = await evidenceAtRest(system, customerId, { entries: 0 });
    expect(evidence).toEqual({ ...nothing, orders: ['cancelled'] });
  });
});
