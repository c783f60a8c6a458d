import { ShopClient, type Session, type System } from '@checkout/testkit';
import type { Locator, Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { evidenceAtRest, type Evidence } from '../evidence.js';
import { expect, test } from '../fixtures.js';
import { ShopPage } from '../shop-page.js';

const A_PAGE = 20;
/** As many orders of one customer in a minute are booked: the others are rejected. */
const BOOKED = 20;
const ONE_CUP = { lines: [{ sku: 'espresso-cup', quantity: 1 }], paymentMethod: 'pm_card_visa' };

test.describe('the list of own orders', () => {
  test('shows the newest first, as many as the reader asks for', async ({ page, system }) => {
    const list = await OrderList.with(page, system, 23);
    await list.showOlder.click();
    await expect(list.rows).toHaveCount(23);
    await expect(list.rows.nth(A_PAGE).getByRole('link')).toBeFocused();
    await expect(list.showOlder).toHaveCount(0);
    expect(await list.shown()).toEqual(list.ids.toReversed());
    await list.expectBookedOnce();
  });

  test('goes on to older ones though a new order is heard of meanwhile', async ({
    page,
    system,
  }) => {
    const list = await OrderList.with(page, system, 21);
    const older = await list.holdOlder();
    await list.showOlder.click();
    await older.asked;
    const askedAgain = page.waitForRequest((request) => request.url().endsWith('/api/orders'));
    await list.placeOne();
    await askedAgain;
    older.release();
    await expect(list.rows).toHaveCount(22);
    expect(await list.shown()).toEqual(list.ids.toReversed());
    await list.expectBookedOnce();
  });

  test('keeps the news that come while older ones are fetched', async ({ page, system }) => {
    const list = await OrderList.with(page, system, 21);
    const link = list.rows.filter({ hasText: 'Booked' }).first().getByRole('link');
    const [name = ''] = /Order \w+/.exec(await link.innerText()) ?? [];
    const row = list.rows.filter({ has: page.getByRole('link', { name }) });
    const older = await list.holdOlder();
    await list.showOlder.click();
    await older.asked;
    await list.cancel(name);
    await expect(row).toContainText('Refunded');
    older.release();
    await expect(list.rows).toHaveCount(21);
    await expect(row).toContainText('Refunded');
    const { orders, charges, refunds, entries } = await list.evidence(BOOKED + 1);
    expect(orders.filter((status) => status === 'refunded')).toHaveLength(1);
    expect(charges).toHaveLength(BOOKED);
    expect(refunds).toEqual(['2100 EUR']);
    expect(entries.filter((entry) => entry.startsWith('refund'))).toHaveLength(1);
  });
});

/** A customer's orders, placed by a program, on that customer's page. */
class OrderList {
  readonly rows: Locator;
  readonly showOlder: Locator;
  /** Oldest first. */
  readonly ids: string[] = [];

  private constructor(
    private readonly page: Page,
    private readonly system: System,
    private readonly client: ShopClient,
    private readonly session: Session,
  ) {
    this.rows = page.getByRole('main').getByRole('listitem');
    this.showOlder = page.getByRole('button', { name: 'Show older orders' });
  }

  static async with(page: Page, system: System, orders: number): Promise<OrderList> {
    const shop = new ShopPage(page);
    await shop.open();
    const client = new ShopClient(system.url);
    const session = await client.openSession(await shop.customerId());
    const list = new OrderList(page, system, client, session);
    while (list.ids.length < orders) await list.placeOne();
    await list.evidence(BOOKED);
    await page.goto('/orders');
    await expect(list.rows).toHaveCount(A_PAGE);
    return list;
  }

  async placeOne(): Promise<void> {
    this.ids.push((await this.client.placeOrder(this.session, ONE_CUP)).id);
  }

  /** By its name on the page. */
  async cancel(name: string): Promise<void> {
    const { client, session, ids } = this;
    const id = ids.find((one) => name.endsWith(one.slice(-8)));
    const path = `/api/orders/${id}/cancel`;
    expect((await client.call('POST', path, { session, key: randomUUID() })).status).toBe(202);
  }

  /** The next request for older orders waits until it is released; others pass. */
  async holdOlder(): Promise<{ asked: Promise<void>; release: () => void }> {
    const asked = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    await this.page.route('**/api/orders?cursor=*', async (route) => {
      asked.resolve();
      await released.promise;
      await route.fallback();
    });
    return { asked: asked.promise, release: released.resolve };
  }

  async shown(): Promise<readonly string[]> {
    const links = await this.rows.getByRole('link').all();
    const paths = await Promise.all(links.map((link) => link.getAttribute('href')));
    return paths.map((path) => path?.replace('/orders/', '') ?? '');
  }

  evidence(entries: number): Promise<Evidence> {
    return evidenceAtRest(this.system, this.session.customerId, { entries });
  }

  async expectBookedOnce(): Promise<void> {
    const { orders, charges, refunds, entries } = await this.evidence(BOOKED);
    expect(orders.filter((status) => status === 'booked')).toHaveLength(BOOKED);
    expect(orders).toHaveLength(this.ids.length);
    expect(charges).toEqual(Array<string>(BOOKED).fill('2100 EUR'));
    expect(entries).toEqual(Array<string>(BOOKED).fill('charge 2100 EUR'));
    expect(refunds).toEqual([]);
  }
}
