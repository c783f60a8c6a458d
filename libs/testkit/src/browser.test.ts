import { chromium } from '@playwright/test';
import { expect, it } from 'vitest';
import { findBrowser } from './browser.js';

/** Includes the time to unpack a browser of 200 MB, once on each machine. */
const FIRST_TIME_MS = 60_000;

it(
  'there is a browser on this machine, and it shows text',
  { timeout: FIRST_TIME_MS },
  async () => {
    const { launch } = await findBrowser();
    const browser = await chromium.launch(launch);
    const page = await browser.newPage();
    await page.setContent('<h1>Shop</h1>');
    expect(await page.getByRole('heading', { name: 'Shop' }).isVisible()).toBe(true);
    await browser.close();
  },
);
