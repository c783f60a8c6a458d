import { stockLevels, until } from '@checkout/testkit';
import { bookedEvidence, evidenceOf } from './evidence.js';
import { expect, test } from './fixtures.js';
import { ShopPage } from './shop-page.js';

test.describe('a customer', () => {
  test('buys two espresso cups and sees the order become booked', async ({ page, system }) => {
    const shop = new ShopPage(page);
    await shop.open();
    await shop.add('Espresso cup', 2);
    await shop.payWith('Succeeds');
    await shop.placeOrder().click();

    await expect(shop.orderStatus()).toContainText('Booked');
    await expect(shop.orderStatus()).toContainText('€42.00');
    const steps = page.getByRole('list').filter({ hasText: 'Placed' }).getByRole('listitem');
    await expect(steps).toHaveText([/Placed/, /Approved/, /Paid/, /Booked/]);

    expect(await bookedEvidence(system, await shop.customerId())).toEqual({
      orders: ['booked'],
      charges: ['4200 EUR'],
      entries: ['4200 EUR'],
    });
    await page.getByRole('link', { name: 'Your orders' }).first().click();
    await expect(page.getByRole('listitem').filter({ hasText: '€42.00' })).toContainText('Booked');
  });

  test('whose card is declined is told why, pays nothing, and the stock is as before', async ({
    page,
    system,
  }) => {
    const pieces = 3;
    const before = (await stockLevels(system.brokers, 'recipe-book')).at(-1);
    if (before === undefined) throw new Error('nobody has said how many recipe books there are');

    const shop = new ShopPage(page);
    await shop.open();
    await shop.add('Recipe book', pieces);
    await shop.payWith('Insufficient funds');
    await shop.placeOrder().click();

    await expect(shop.orderStatus()).toContainText('Payment failed');
    await expect(shop.orderStatus()).toContainText('not enough money on the card');
    expect(await evidenceOf(system, await shop.customerId())).toEqual({
      orders: ['payment_failed'],
      charges: [],
      entries: [],
    });
    const after = await until({ what: 'the stock comes back', withinMs: 10_000 }, async () => {
      const levels = await stockLevels(system.brokers, 'recipe-book');
      return levels.at(-1) === before && levels;
    });
    expect(after, 'it was away in between').toContain(before - pieces);
    await until({ what: 'the shop shows the stock of before', withinMs: 10_000 }, async () => {
      const answer = await page.request.get('/api/products');
      const { data } = (await answer.json()) as { data: { sku: string; available: number }[] };
      return data.find(({ sku }) => sku === 'recipe-book')?.available === before;
    });
  });
});
