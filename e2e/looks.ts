import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

export const PHONE = { width: 360, height: 740 };
/** A small tablet, or half a screen: what lies side by side has the least room here. */
const HALF = { width: 660, height: 900 };

/** What the page shows now fits a phone, and is usable with any eyes, by day and by night. */
export async function expectGoodLooks(page: Page): Promise<void> {
  const wide = page.viewportSize();
  for (const screen of [HALF, PHONE]) {
    await page.setViewportSize(screen);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(sideways, `columns beside a screen of ${screen.width}`).toBeLessThanOrEqual(0);
  }
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await seriousFindings(page), colorScheme).toEqual([]);
  }
  if (wide) await page.setViewportSize(wide);
}

async function seriousFindings(page: Page): Promise<string[]> {
  const { violations, passes } = await new AxeBuilder({ page }).analyze();
  expect(passes.length, 'rules that found something to look at').toBeGreaterThan(10);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
