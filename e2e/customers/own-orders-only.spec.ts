import { ShopClient } from '@checkout/testkit';
import { bookedOnce, evidenceAtRest, nothing } from '../evidence.js';
import { expect, test } from '../fixtures.js';

test.describe("another customer's order", () => {
  test('is not there, by page and by API', async ({ page, system }) => {
    const client = new ShopClient(system.url);
    const [owner, stranger] = [await client.openSession(), await client.openSession()];
    const wish = { lines: [{ sku: 'espresso-cup', quantity: 1 }], paymentMethod: 'pm_card_visa' };
    const { id } = await client.placeOrder(owner, wish);

    const path = `/api/orders/${id}`;
    expect((await client.call('GET', path, { session: owner })).status).toBe(200);
    const refused = await client.call('GET', path, { session: stranger });
    expect(refused.status).toBe(404);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect((await client.call('GET', path)).status).toBe(401);

    await page.goto(`/orders/${id}`);
    await expect(page.getByRole('heading', { name: 'Order not found' })).toBeVisible();
    const evidence = await evidenceAtRest(system, owner.customerId, { entries: 1 });
    expect(evidence).toEqual(bookedOnce('2100 EUR'));
    expect(await evidenceAtRest(system, stranger.customerId, { entries: 0 })).toEqual(nothing);
  });
});
