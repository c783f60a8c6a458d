import { openSessions, query, ShopClient, type System } from '@checkout/testkit';
import type { Page, Route } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { type Evidence, shopAtRest } from '../evidence.js';
import { expect, test } from '../fixtures.js';
import { expectGoodLooks, PHONE } from '../looks.js';
import { ShopPage } from '../shop-page.js';

const ORDERS = 12;

const badge = (page: Page) => page.getByRole('banner').getByRole('link', { name: /^Audit/ });
/** A verdict holds for what was there when it was found, so the badge says when that was. */
const held = (orders: number) => `Audit: All invariants hold · ${orders} orders`;

const verdict = (page: Page) => page.getByRole('status', { name: 'Verdict' });
const runNow = (page: Page) => page.getByRole('button', { name: 'Run audit now' });
const invariants = (page: Page) => page.getByRole('table').getByRole('row');

/** One story, told in order: not asked yet, all is well, something is broken, it is mended. */
test.describe.configure({ mode: 'serial' });

test.describe('the judge, on its page', () => {
  let orderId = '';
  /** Whatever is asked of the judge, and whatever he says: what was ordered, paid and booked. */
  let expected: Evidence;
  test.beforeAll(async ({ system }) => void (expected = await shopAtRest(system)));
  test.afterEach(async ({ system }) => expect(await shopAtRest(system)).toEqual(expected));
  /** Those of other tests, too. */
  const orders = (): number => expected.orders.length;

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
    expected = together(expected, TWELVE_ORDERS);
    await page.goto('/audit');
    await runNow(page).click();
    await expect(verdict(page)).toContainText('The judge is reading…');
    await expect(verdict(page)).toContainText('All invariants hold', { timeout: 45_000 });
    await expect(verdict(page)).toContainText(` ${orders()} orders`);
    await expect(badge(page)).toHaveText(`${held(orders())} · just now`);

    await expect(invariants(page)).toHaveCount(1 + 37);
    const once = page.getByRole('row', { name: /^A15/ });
    await expect(once.getByRole('cell').first()).toHaveText('Held');
    await expect(once.getByRole('cell').nth(1)).toHaveText(/^[1-9]/);
    const silent = page.getByRole('row').filter({ hasText: /Not observed|Not applicable/ });
    for (const row of await silent.all()) await expect(row.getByRole('rowheader')).toHaveText(/\w/);
    expect(await silent.count()).toBeGreaterThan(0);
    await expect(page.getByRole('row', { name: /^A07/ })).toContainText('Without recordings: ');
    await expectGoodLooks(page);

    const loading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download as JSON' }).click();
    const file = await (await loading).path();
    const kept = await page.request.get('/api/audit');
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(await kept.json());
  });

  test('is read on a phone: a sentence and a verdict a row, each opened by touch or key', async ({
    page,
  }) => {
    await page.setViewportSize(PHONE);
    await page.goto('/audit');
    const rows = page.getByRole('table').getByRole('row');
    await expect(rows).toHaveCount(1 + 37);
    const long = await page.evaluate(() => document.documentElement.scrollHeight);
    expect(long, 'screens to scroll').toBeLessThan(6 * PHONE.height);

    const [first, second] = [rows.nth(1), rows.nth(2)];
    for (const row of [first, second]) {
      await expect(row.getByRole('cell')).toHaveText(/Held|Not/);
      await expect(row.getByRole('definition').first()).toBeHidden();
      const box = await row.getByRole('group').boundingBox();
      expect(box?.height, 'room for a finger').toBeGreaterThanOrEqual(44);
    }
    await first.getByRole('group').click();
    await expect(first.getByRole('definition')).toHaveText([/\d|–/, /\d|–/]);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(second.getByRole('definition').first()).toBeVisible();
    await page.keyboard.press('Space');
    await expect(second.getByRole('definition').first()).toBeHidden();
    await expectGoodLooks(page);
  });

  test('keeps its verdict while the console is killed', async ({ page, system }) => {
    system.kill('console', 'SIGKILL');
    await system.ready('console');
    await page.goto('/orders');
    await expect(badge(page)).toHaveText(
      new RegExp(`^${held(orders())} · (just now|1 minute ago)$`),
    );
  });

  test('says how old his verdict is, to readers of the screen as well', async ({ page }) => {
    const kept = await page.request.get('/api/audit');
    const { finishedAt } = (await kept.json()) as { finishedAt: string };
    const after = (minutes: number) => new Date(Date.parse(finishedAt) + minutes * 60_000 + 1_000);
    await page.clock.install({ time: after(12) });
    await page.goto('/orders');
    await expect(badge(page)).toHaveAccessibleName(`${held(orders())} · 12 minutes ago`);
    await expect(badge(page).getByRole('time')).toHaveAttribute('datetime', finishedAt);
    await page.clock.runFor(60_000);
    await expect(badge(page)).toHaveAccessibleName(`${held(orders())} · 13 minutes ago`);
    await page.clock.runFor(2 * 60 * 60_000);
    await expect(badge(page)).toHaveAccessibleName(`${held(orders())} · 2 hours ago`);
    await expectGoodLooks(page);
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
    await expect(badge(page)).toHaveText('Audit: 1 violated · just now');
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
    await expect(badge(page)).toHaveText(`${held(orders())} · just now`);
  });

  test('is shown as soon as the network is back, to who asked without', async ({ page }) => {
    await new ShopPage(page).open();
    await page.context().setOffline(true);
    await badge(page).click();
    await expect(page.getByRole('main').getByRole('status')).toContainText('does not answer yet');
    await page.context().setOffline(false);
    await expect(page.getByRole('heading', { name: 'Audit', level: 1 })).toBeVisible();
    await expect(verdict(page)).toContainText('All invariants hold');
    await expect(invariants(page)).toHaveCount(1 + 37);
    await expectGoodLooks(page);
  });

  test('is not missed where there is none', async ({ page }) => {
    const problem = { type: '/problems/no-judge', detail: 'Nobody judges here.' };
    await page.route('**/api/audit', (route) => answers(route, 503, problem));
    await page.goto('/audit');
    await expect(page.getByRole('main').getByRole('status')).toHaveText('Nobody judges here.');
    await expect(badge(page)).toHaveCount(0);
    await expectGoodLooks(page);
  });

  test('is true of one moment only where the shop was not at rest', async ({ page }) => {
    const kept = await page.request.get('/api/audit');
    const audit = (await kept.json()) as { verdict: object };
    const rest = { waitedMilliseconds: 60_000, waitingFor: ['2 orders that are not final'] };
    const verdictThen = { ...audit.verdict, rest };
    const busy = { ...audit, status: 'held-for-a-moment', verdict: verdictThen };
    await page.route('**/api/audit', (route) => answers(route, 200, busy));
    await page.goto('/audit');
    await expect(verdict(page)).toContainText('Held, but not at rest');
    await expect(verdict(page)).toContainText('true of that moment only');
    await expect(verdict(page)).not.toContainText('All invariants hold');
    await expect(page.getByRole('main')).toContainText('busy: 2 orders that are not final.');
    await expect(badge(page)).toContainText(`Audit: Held, not at rest · ${orders()} orders`);
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

const CUPS = Array.from({ length: ORDERS }, (_, n) => 1 + (n % 3));
const isDeclined = (n: number): boolean => n % 4 === 3;

const CHARGED = CUPS.filter((_, n) => !isDeclined(n)).map((cups) => `${cups * 2100} EUR`);
const TWELVE_ORDERS: Evidence = {
  orders: CUPS.map((_, n) => (isDeclined(n) ? 'payment_failed' : 'booked')).toSorted(),
  charges: CHARGED.toSorted(),
  refunds: [],
  entries: CHARGED.map((amount) => `charge ${amount}`).toSorted(),
};
function together(some: Evidence, more: Evidence): Evidence {
  return {
    orders: [...some.orders, ...more.orders].toSorted(),
    charges: [...some.charges, ...more.charges].toSorted(),
    refunds: [...some.refunds, ...more.refunds].toSorted(),
    entries: [...some.entries, ...more.entries].toSorted(),
  };
}

/** Of a customer each; every fourth card is declined. */
async function placeOrders(system: System): Promise<string[]> {
  const client = new ShopClient(system.url);
  const customers = await openSessions(client, ORDERS);
  const placed = customers.map((customer, n) =>
    client.placeOrder(customer, {
      lines: [{ sku: 'espresso-cup', quantity: CUPS[n]! }],
      paymentMethod: isDeclined(n) ? 'pm_card_visa_chargeDeclined' : 'pm_card_visa',
    }),
  );
  return (await Promise.all(placed)).map(({ id }) => id);
}
