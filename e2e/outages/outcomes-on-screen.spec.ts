import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.js';
import { lostCharges, lostConfirmations, planFaults } from '../gateway-faults.js';
import { APPROVED, booked, OrderStory, refunded, unpaid } from '../order-story.js';
import { ShopPage } from '../shop-page.js';

/**
 * The ends that need a hand in the machinery, as the customer reads them: by the status, the
 * history and the buttons of the order's page, which stays open all the while. The others are in
 * buy.spec.ts and cancel.spec.ts.
 */
const REJECTED = ['placed', 'rejected'];

async function placing(page: Page, product: string): Promise<{ shop: ShopPage; id: string }> {
  const shop = new ShopPage(page);
  await shop.fill(product, 1);
  await shop.placeOrder().click();
  await expect(shop.orderStatus()).toBeVisible();
  return { shop, id: new URL(page.url()).pathname.split('/').at(-1) ?? '' };
}

test.afterEach(({ system }) => planFaults(system.gatewayUrl, []));

test.describe('a customer reads on the page of the order', () => {
  test('that twenty orders in a minute were enough', async ({ page, system }) => {
    const story = new OrderStory(system);
    const { shop, id: first } = await placing(page, 'Recipe book');
    const same = await story.client.openSession(await shop.customerId());
    const others = await Promise.all(
      Array.from({ length: 19 }, () => story.place(same, { sku: 'recipe-book' })),
    );
    for (const id of [first, ...others]) await story.reaches(id, 'booked');
    const { id } = await placing(page, 'Recipe book');

    await expect(shop.orderStatus()).toContainText('could not be accepted. Nothing was charged.');
    const tooMany = 'Too many orders in a short time. Wait a minute, then order again.';
    await expectRejected(shop, story, { id, reason: tooMany });
    for (const ending of await story.endings(others)) expect(ending).toEqual(booked('1650'));
  });

  test('that nobody could check it in time', async ({ page, system }) => {
    const story = new OrderStory(system);
    let told = { shop: new ShopPage(page), id: '' };
    await story.standing(
      'enrichment',
      async () => {
        // Answers the fetch that is open at the stop, which could otherwise bring ours alone.
        const sooner = await story.place(await story.client.openSession());
        await story.told(sooner, 'OrderPlaced');
        told = await placing(page, 'Espresso cup');
        await expect(told.shop.orderStatus()).toContainText('is saved, and is being checked.');
        await story.told(told.id, 'OrderPlaced');
        await story.overdue(told.id);
        return told.id;
      },
      'goes on',
    );
    const reason = 'The order could not be checked in time; nothing was charged.';
    await expectRejected(told.shop, story, { id: told.id, reason });
  });

  test('that a wish between approval and charge is heard', async ({ page, system }) => {
    const story = new OrderStory(system);
    let told = { shop: new ShopPage(page), id: '' };
    await story.standing(
      'payment',
      async () => {
        told = await placing(page, 'Espresso cup');
        const status = told.shop.orderStatus();
        await expect(status).toContainText('is set aside. Your card is being charged.');
        await told.shop.confirmCancelling();
        await expect(status).toContainText('You asked to cancel. The charge is being stopped');
        await story.told(told.id, 'OrderCancelRequested');
        return told.id;
      },
      'goes on',
    );
    const { shop, id } = told;
    const stopped = /is cancelled\. (Nothing was charged|€21\.00 went back to your card)\./;
    await expect(shop.orderStatus()).toContainText(stopped);
    await expect(shop.cancelOrder()).toHaveCount(0);
    await story.atRest();
    // Approval and wish lie on two topics: either may be read first.
    const ending = await story.ending(id);
    const nothingCharged = 'Cancelled at your request; nothing was charged.';
    const cancelled = unpaid([...APPROVED, 'cancelled'], nothingCharged);
    expect([cancelled, refunded('2100')]).toContainEqual(ending);
    await expect(shop.orderStatus()).toContainText(
      ending.charges.length === 0 ? 'Nothing was charged.' : '€21.00 went back to your card.',
    );
  });

  for (const { what, faults, state } of lostCharges) {
    test(`that a charge that is ${what} is paid back`, async ({ page, system }) => {
      const story = new OrderStory(system);
      await planFaults(system.gatewayUrl, faults);
      const { shop, id } = await placing(page, 'Espresso cup');
      await story.chargedAnd(state, id);
      await shop.confirmCancelling();
      // It may be found out at once, by what the gateway tells.
      await expect(shop.orderStatus()).toContainText(/You asked to cancel\.|is cancelled\./);

      await expect(shop.orderStatus()).toContainText(
        'is cancelled. €21.00 went back to your card.',
        { timeout: 45_000 },
      );
      await expect(shop.history()).toHaveText([/Placed/, /Approved/, /Paid/, /Booked/, /Refunded/]);
      await expect(shop.cancelOrder()).toHaveCount(0);
      await story.atRest();
      expect(await lostConfirmations(system.gatewayUrl)).toBe(1);
      expect(await story.ending(id)).toEqual(refunded('2100'));
    });
  }
});

/** On the page and in every book. */
async function expectRejected(
  shop: ShopPage,
  story: OrderStory,
  { id, reason }: { id: string; reason: string },
): Promise<void> {
  await expect(shop.orderStatus()).toContainText('Rejected');
  await expect(shop.orderStatus()).toContainText(reason);
  await expect(shop.history()).toHaveText([/Placed/, /Rejected/]);
  await expect(shop.cancelOrder()).toHaveCount(0);
  await story.atRest();
  expect(await story.ending(id)).toEqual(unpaid(REJECTED, reason));
}
