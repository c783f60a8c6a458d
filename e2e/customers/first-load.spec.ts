import { ShopClient } from '@checkout/testkit';
import type { Page, Request } from '@playwright/test';
import { shopAtRest } from '../evidence.js';
import { expect, test } from '../fixtures.js';

/**
 * As they travel: the page, scripts, styles, the font and all that is asked of the API, without the
 * heads of the answers. Pictures come afterwards, into room that is kept for them.
 */
const FIRST_LOAD_BYTES = 130 * 1024;
/** It waits for rest, reads everything and judges. */
const AUDIT_WITHIN_MS = 60_000;

const pathOf = (request: Request): string => new URL(request.url()).pathname;
/** It lasts for as long as the page. */
const isStream = (request: Request): boolean => pathOf(request) === '/api/events';

interface Load {
  readonly asked: readonly string[];
  readonly pending: ReadonlySet<Request>;
  readonly bytes: () => Promise<Record<string, number>>;
}

/** All that a page asks for from now on. */
function watchLoad(page: Page): Load {
  const asked: string[] = [];
  const pending = new Set<Request>();
  const finished: Request[] = [];
  page.on('request', (request) => {
    asked.push(pathOf(request));
    if (!isStream(request)) pending.add(request);
  });
  page.on('requestfinished', (request) => {
    pending.delete(request);
    if (request.resourceType() !== 'image') finished.push(request);
  });
  const sizeOf = async (request: Request) =>
    [pathOf(request), (await request.sizes()).responseBodySize] as const;
  const bytes = async () => Object.fromEntries(await Promise.all(finished.map(sizeOf)));
  return { asked, pending, bytes };
}

test.describe('the first load', () => {
  test('is small and from one place, asks for each thing once, and allows nothing else', async ({
    page,
    system,
  }) => {
    const client = new ShopClient(system.url);
    await client.placeOrder(await client.openSession(), {
      lines: [{ sku: 'espresso-cup', quantity: 1 }],
      paymentMethod: 'pm_card_visa',
    });
    const before = await shopAtRest(system);
    expect(before.orders).toContain('booked');
    await page.request.post('/api/audit', { timeout: AUDIT_WITHIN_MS });
    const load = watchLoad(page);
    const answer = await page.goto('/');
    expect(answer?.headers()['content-security-policy']).toContain("default-src 'self'");
    await expect(page.getByRole('heading', { name: 'Shop' })).toBeVisible();
    await expect(page.getByRole('button', { name: /^Add .* to cart$/ })).not.toHaveCount(0);
    const banner = page.getByRole('banner');
    await expect(banner.getByRole('link', { name: /^Audit/ })).toContainText('just now');
    await expect(banner).toContainText('Live');
    await expect.poll(() => load.pending.size, 'everything has come').toBe(0);

    expect(load.asked.toSorted()).toEqual([...new Set(load.asked)].toSorted());
    expect(load.asked).toEqual(expect.arrayContaining(['/api/audit', '/api/products']));
    const bytes = await load.bytes();
    for (const kind of [/\.js$/, /\.css$/, /\.woff2$/, /^\/$/, /^\/api\/audit$/]) {
      const [, size = 0] = Object.entries(bytes).find(([path]) => kind.test(path)) ?? [];
      expect(size, String(kind)).toBeGreaterThan(0);
    }
    const all = Object.values(bytes).reduce((sum, some) => sum + some, 0);
    console.log(`  first load: ${all} bytes, the verdict ${bytes['/api/audit']} of them`);
    expect(all).toBeLessThanOrEqual(FIRST_LOAD_BYTES);
    expect(await shopAtRest(system)).toEqual(before);
  });
});
