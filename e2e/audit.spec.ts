import { openSessions, query, ShopClient, type System } from '@checkout/testkit';
import type { Page, Route } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.js';
import { expectGoodLooks } from './looks.js';
import { ShopPage } from './shop-page.js';

const ORDERS = 12;

const badge = (page: Page) => page.getByRole('banner').getByRole('link', { name: /^Audit/ });
const verdict = (page: Page) => page.getByRole('status', { name: 'Verdict' });
const runNow = (page: Page) => page.getByRole('button', { name: 'Run audit now' });
const invariants = (page: Page) => page.getByRole('table').getByRole('row');

/** One story, told in order: not asked yet, all is well, something is broken, it is mended. */
test.describe.configure({ mode: 'serial' });

test.describe('the judge, on its page', () => {
  let orderId = '';

  test('has not been asked yet, and says so on every page', async ({ page }) => {
    await new ShopPage(page).open();
    await expect(badge(page)).toHaveText('Audit: Not audited yet');
    await badge(page).click();
    await expect(page).toHaveURL(/\/audit$/);
    await expect(page.getByRole('heading', { name: 'Audit', level: 1 })).toBeFocused();
    await expect(verdict(page)).toContainText('Not audited yet');
    await expect(page.getByRole('table')).toHaveCount(0);
    await expectGoodLooks(page);
  });

  test('finds that all invariants hold after some orders, a row each', async ({ page, system }) => {
    const ids = await placeOrders(system);
    orderId = ids[0]!;
    await page.goto('/audit');
    await runNow(page).click();
    await expect(verdict(page)).toContainText('The judge is reading…');
    await expect(verdict(page)).toContainText('All invariants hold', { timeout: 45_000 });
    await expect(verdict(page)).toContainText(`${ORDERS} orders`);
    await expect(badge(page)).toHaveText(`Audit: All invariants hold · ${ORDERS} orders`);

    await expect(invariants(page)).toHaveCount(1 + 37);
    const once = page.getByRole('row', { name: /^A15/ });
    await expect(once.getByRole('cell').first()).toHaveText('Held');
    await expect(once.getByRole('cell').nth(1)).toHaveText(/^[1-9]/);
    const silent = page.getByRole('row').filter({ hasText: /Not observed|Not applicable/ });
    for (const row of await silent.all()) await expect(row.getByRole('rowheader')).toHaveText(/\w/);
    expect(await silent.count()).toBeGreaterThan(0);
    await expectGoodLooks(page);

    const loading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download as JSON' }).click();
    const file = await (await loading).path();
    const kept = await page.request.get('/api/audit');
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(await kept.json());
  });

  test('keeps its verdict while the console is killed', async ({ page, system }) => {
    system.kill('console', 'SIGKILL');
    await system.ready('console');
    await page.goto('/orders');
    await expect(badge(page)).toHaveText(`Audit: All invariants hold · ${ORDERS} orders`);
  });

  test('shows what is broken in red, with the order, and holds again when it is mended', async ({
    page,
    system,
  }) => {
    const change = (cents: number) =>
      query(system.databaseUrl('orders'), 'UPDATE orders SET total = total + $2 WHERE id = $1', [
        orderId,
        cents,
      ]);
    await change(1);
    try {
      await page.goto('/audit');
      await runNow(page).click();
      await expect(verdict(page)).toContainText('Violated', { timeout: 45_000 });
    } finally {
      await change(-1);
    }
    await expect(badge(page)).toHaveText('Audit: 1 violated');
    const broken = invariants(page).nth(1);
    await expect(broken.getByRole('cell').first()).toHaveText('Violated');
    const examples = broken.getByRole('listitem');
    await expect(examples).toHaveCount(1);
    const link = examples.getByRole('link', { name: orderId.slice(-8) });
    await expect(link).toHaveAttribute('href', `/orders/${orderId}`);
    await expectGoodLooks(page);
    await broken.getByText('1 counter-example').click();
    await expect(examples).toBeHidden();

    await runNow(page).click();
    await expect(verdict(page)).toContainText('All invariants hold', { timeout: 45_000 });
    await expect(badge(page)).toHaveText(`Audit: All invariants hold · ${ORDERS} orders`);
  });

  test('is not missed where there is none', async ({ page }) => {
    const problem = { type: '/problems/no-judge', detail: 'Nobody judges here.' };
    await page.route('**/api/audit', (route) => answers(route, 503, problem));
    await page.goto('/audit');
    await expect(page.getByRole('main').getByRole('status')).toHaveText('Nobody judges here.');
    await expect(badge(page)).toHaveCount(0);
    await expectGoodLooks(page);
  });

  test('is not believed when he came to no verdict, and says why', async ({ page }) => {
    const reason = 'PostgreSQL does not answer.';
    const says = `No verdict: ${reason}`;
    const audit = { status: 'no-verdict', says, running: false, mayRun: false };
    await page.route('**/api/audit', (route) => answers(route, 200, audit));
    await page.goto('/audit');
    await expect(verdict(page)).toContainText(reason);
    await expect(badge(page)).toHaveText('Audit: No verdict');
    await expect(runNow(page)).toHaveCount(0);
    await expectGoodLooks(page);
  });
});

function answers(route: Route, status: number, body: object): Promise<void> {
  const contentType = status === 200 ? 'application/json' : 'application/problem+json';
  return route.fulfill({ status, contentType, body: JSON.stringify(body) });
}

/** Of a customer each; every fourth card is declined. */
async function placeOrders(system: System): Promise<string[]> {
  const client = new ShopClient(system.url);
  const customers = await openSessions(client, ORDERS);
  const placed = customers.map((customer, n) =>
    client.placeOrder(customer, {
      lines: [{ sku: 'espresso-cup', quantity: 1 + (n % 3) }],
      paymentMethod: n % 4 === 3 ? 'pm_card_visa_chargeDeclined' : 'pm_card_visa',
    }),
  );
  return (await Promise.all(placed)).map(({ id }) => id);
}
