import { chosenEnrichment, findBrowser, startSystem, type System } from '@checkout/testkit';
import { test as playwright, expect, type BrowserContext } from '@playwright/test';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judge } from './judge.js';

export { expect };

/** The system may have to build its databases and find its Java archives first. */
const START_TIMEOUT_MS = 120_000;
const AT_REST_WITHIN_MS = 60_000;

interface Failures {
  count: number;
}

/** What this browser has asked of others so far: a test that opens one of its own looks, too. */
export function leavingThisMachine(context: BrowserContext): () => readonly string[] {
  const strangers: string[] = [];
  context.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    const local = hostname === '127.0.0.1' || hostname === 'localhost';
    if (!local || !protocol.startsWith('http')) strangers.push(request.url());
  });
  return () => strangers;
}

/**
 * Every test gets the running system, and a browser that must not talk to anybody else. When all
 * tests have run, the judge is asked about all that they did. A test that failed may have left
 * anything behind: those after it get a new system.
 */
export const test = playwright.extend<
  { loopbackOnly: void; noteFailures: void },
  { system: System; failures: Failures }
>({
  failures: [async ({}, use) => use({ count: 0 }), { scope: 'worker' }],

  system: [
    async ({ failures }, use) => {
      const runDir = await mkdtemp(join(tmpdir(), 'checkout-e2e-'));
      // PostgreSQL refuses to run as root, and as its own user it must be able to enter.
      await chmod(runDir, 0o755);
      console.log(`browser ${(await findBrowser()).name}`);
      const system = await startSystem({
        runDir,
        env: chosenEnrichment(),
        report: (line) => console.log(line),
      });
      await use(system);
      try {
        const { orders, examined } = await judge(system, { withinMs: AT_REST_WITHIN_MS });
        console.log(`the judge: held, ${orders} orders, ${examined} rows examined`);
      } catch (error) {
        failures.count++;
        throw error;
      } finally {
        await system.stop();
        if (failures.count === 0) await rm(runDir, { recursive: true });
        else console.log(`logs and data of the failed run: ${runDir}`);
      }
    },
    { scope: 'worker', timeout: START_TIMEOUT_MS },
  ],

  baseURL: async ({ system }, use) => use(system.url),

  loopbackOnly: [
    async ({ context }, use) => {
      const strangers = leavingThisMachine(context);
      await use();
      expect(strangers(), 'requests that leave this machine').toEqual([]);
    },
    { auto: true },
  ],

  noteFailures: [
    async ({ failures }, use, testInfo) => {
      await use();
      if (testInfo.status !== testInfo.expectedStatus) failures.count++;
    },
    { auto: true },
  ],
});
