import { query, stockLevels, until } from '@checkout/testkit';
import type { Page } from '@playwright/test';
import { bookedOnce, evidenceAtRest, nothing } from '../evidence.js';
import { expect, test } from '../fixtures.js';
import { ShopPage } from '../shop-page.js';

test.describe('a customer', () => {
  test('buys two espresso cups and sees the order become booked', async ({ page, system }) => {
    const shop = new ShopPage(page);
    await shop.fill('Espresso cup', 2);
    await shop.placeOrder().click();

    await expect(shop.orderStatus()).toContainText('Booked');
    await expect(shop.orderStatus()).toContainText('your card was charged €42.00 once');
    await expect(shop.history()).toHaveText([/Placed/, /Approved/, /Paid/, /Booked/]);
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 1 });
    expect(evidence).toEqual(bookedOnce('4200 EUR'));
    await expectStepsOfTheirOwnTime(shop, Date.now());
    await expectEveryHop(page);

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
    await shop.fill('Recipe book', pieces, 'Insufficient funds');
    await shop.placeOrder().click();

    await expect(shop.orderStatus()).toContainText('Payment failed');
    await expect(shop.orderStatus()).toContainText('not enough money on the card');
    await expect(shop.history()).toHaveText([/Placed/, /Approved/, /Payment failed/]);
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 0 });
    expect(evidence).toEqual({ ...nothing, orders: ['payment_failed'] });

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

  test('whose bank says no and nothing more is told so, and pays nothing', async ({
    page,
    system,
  }) => {
    const shop = new ShopPage(page);
    await shop.fill('Espresso cup', 1, 'Declined');
    await shop.placeOrder().click();
    await expect(shop.orderStatus()).toContainText('The bank declined the card.');
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 0 });
    expect(evidence).toEqual({ ...nothing, orders: ['payment_failed'] });
  });

  test('who wants more limited prints than there are is told how many are left', async ({
    page,
    system,
  }) => {
    const [{ available } = { available: 0 }] = await query<{ available: number }>(
      system.databaseUrl('orders'),
      `SELECT available::integer FROM products WHERE sku = 'limited-print'`,
    );
    const shop = new ShopPage(page);
    await shop.fill('Limited print', available + 1);
    await expect(page.getByRole('complementary', { name: 'Cart' })).toContainText(
      `Only ${available} left`,
    );
    await shop.placeOrder().click();

    await expect(shop.orderStatus()).toContainText('Rejected');
    await expect(shop.orderStatus()).toContainText(
      `Limited print: you asked for ${available + 1}, ${available} are left.`,
    );
    await expect(shop.history()).toHaveText([/Placed/, /Rejected/]);
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 0 });
    expect(evidence).toEqual({ ...nothing, orders: ['rejected'] });
  });

  test('who orders for more than a person would is stopped before anything is charged', async ({
    page,
    system,
  }) => {
    const shop = new ShopPage(page);
    await shop.fill('Hand mill', 78); // €10,062.00
    await shop.placeOrder().click();

    await expect(shop.orderStatus()).toContainText('Rejected');
    await expect(shop.orderStatus()).toContainText('above the largest amount we accept');
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 0 });
    expect(evidence).toEqual({ ...nothing, orders: ['rejected'] });
  });

  test('whose bank takes its time sees the order wait for it, and then booked', async ({
    page,
    system,
  }) => {
    const shop = new ShopPage(page);
    await shop.fill('Milk jug', 1, 'Slow');
    await shop.placeOrder().click();

    await expect(shop.orderStatus()).toContainText('Your card is being charged.');
    await expect(shop.orderStatus()).toContainText('Booked');
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 1 });
    expect(evidence).toEqual(bookedOnce('1890 EUR'));
  });

  test("whose bank's answer is lost after the charge is charged once", async ({ page, system }) => {
    const shop = new ShopPage(page);
    await shop.fill('Milk jug', 2, 'Answer lost');
    await shop.placeOrder().click();

    await expect(shop.orderStatus()).toContainText('Booked', { timeout: 45_000 });
    const evidence = await evidenceAtRest(system, await shop.customerId(), { entries: 1 });
    expect(evidence).toEqual(bookedOnce('3780 EUR'));

    const [orderId] = new URL(page.url()).pathname.split('/').slice(-1);
    const told = await until({ what: 'the gateway has told of it', withinMs: 10_000 }, async () => {
      const answer = await page.request.get(`/api/orders/${orderId}/timeline`);
      const { facts } = (await answer.json()) as { facts: { what: string; text: string }[] };
      const webhooks = facts.filter(({ what }) => what === 'webhook').map(({ text }) => text);
      return webhooks.length > 0 && webhooks;
    });
    expect(told).toEqual([
      expect.stringMatching(/^The gateway told of payment_intent\.succeeded, (a reason|which was)/),
    ]);
    await page.getByRole('heading', { name: 'Where it happened' }).click();
    const timeline = page.getByRole('region', { name: /^Timeline of order/ });
    await expect(timeline.getByRole('listitem').filter({ hasText: told[0]! })).toHaveCount(1);
  });
});

/** Each step happened after the one before it, and none at the very moment of its cause. */
async function expectStepsOfTheirOwnTime(shop: ShopPage, until: number): Promise<void> {
  const times = await shop.history().getByRole('time').all();
  const texts = await Promise.all(times.map((time) => time.getAttribute('datetime')));
  const moments = texts.map((text) => Date.parse(text ?? ''));
  expect(moments).toHaveLength(4);
  expect(moments).toEqual(moments.toSorted((a, b) => a - b));
  expect(new Set(moments).size, texts.join(', ')).toBe(4);
  expect(moments.at(-1)).toBeLessThanOrEqual(until);
}

/** From the split to the decision, each with its time, between the order and its payment. */
async function expectEveryHop(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Where it happened' }).click();
  const timeline = page.getByRole('region', { name: /^Timeline of order/ });
  const hops = [
    'The order was accepted',
    'Asked about one line of stock, and about fraud.',
    'Stock reserved: 2 × espresso-cup',
    'All answers are in: approved.',
    'The order became approved.',
    'The order became booked.',
  ];
  await expect(timeline.getByRole('listitem').first()).toBeVisible();
  const facts = await timeline.getByRole('listitem').allInnerTexts();
  const places = hops.map((hop) => facts.findIndex((fact) => fact.includes(hop)));
  expect(places, facts.join('\n')).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
  const fraud = facts.find((fact) => fact.includes('Fraud checked: nothing found.'));
  expect(fraud).toMatch(/^\+\d/);
}
