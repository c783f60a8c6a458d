import { findBrowser, type System } from '@checkout/testkit';
import { chromium, type BrowserContext } from '@playwright/test';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bookedOnce, evidenceAtRest } from '../evidence.js';
import { expect, leavingThisMachine, test } from '../fixtures.js';
import { isPlacing, ShopPage } from '../shop-page.js';

/** A browser with a profile on the disk, as a person has it. */
async function open(profile: string, system: System): Promise<BrowserContext> {
  const { launch } = await findBrowser();
  return chromium.launchPersistentContext(profile, { ...launch, baseURL: system.url });
}

/** All processes of the browser that was started with this profile, and no other. */
async function kill(profile: string): Promise<void> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,args=']);
  const own = stdout.split('\n').filter((line) => line.includes(`--user-data-dir=${profile}`));
  expect(own.length, 'processes of the browser').toBeGreaterThan(0);
  for (const line of own) process.kill(Number.parseInt(line, 10), 'SIGKILL');
}

test('the browser is killed with the order on its way: the next one finishes it, once', async ({
  system,
}) => {
  const profile = await mkdtemp(join(tmpdir(), 'checkout-profile-'));
  const browser = await open(profile, system);
  const strangers = leavingThisMachine(browser);
  const page = await browser.newPage();
  const shop = new ShopPage(page);
  await shop.fill('Espresso cup', 1);
  const keys = shop.watchKeys();
  const made = Promise.withResolvers<void>();
  await page.route('**/api/orders', async (route, request) => {
    if (!isPlacing(request)) return route.fallback();
    await route.fetch();
    made.resolve();
  });
  const gone = new Promise((resolve) => browser.once('close', resolve));
  await shop.placeOrder().click();
  await made.promise;
  await kill(profile);
  await gone;

  const next = await open(profile, system);
  const nextStrangers = leavingThisMachine(next);
  const nextPage = await next.newPage();
  const nextShop = new ShopPage(nextPage);
  const nextKeys = nextShop.watchKeys();
  await nextPage.goto('/');
  await expect(nextShop.orderStatus()).toContainText('Booked');
  expect(new Set(nextKeys), 'the key was on the disk').toEqual(new Set(keys));
  const evidence = await evidenceAtRest(system, await nextShop.customerId(), { entries: 1 });
  expect(evidence).toEqual(bookedOnce('2100 EUR'));
  expect([...strangers(), ...nextStrangers()], 'requests that leave this machine').toEqual([]);
  await next.close();
  await rm(profile, { recursive: true });
});
