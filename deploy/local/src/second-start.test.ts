/** What somebody finds who stops the shop in the evening and starts it again in the morning. */
import { expect, it } from 'vitest';
import { startSystem, type System } from './system.ts';
import { temporaryFolder } from './testing/folders.ts';
import { buyACup, newCustomer, statusesOf } from './testing/shop.ts';

const MINUTES = 60_000;

it(
  'a second start finds the same orders and takes more; a fresh one knows nothing of them',
  async () => {
    const runDir = temporaryFolder();
    const during = async (fresh: boolean, what: (system: System) => Promise<void>) => {
      const system = await startSystem({ runDir, fresh });
      try {
        await what(system);
      } finally {
        await system.stop();
      }
    };
    let token = '';
    let first = '';
    await during(false, async ({ url }) => {
      const customer = await newCustomer(url);
      token = customer.token;
      first = await buyACup(customer, 'before');
    });
    await during(false, async ({ url }) => {
      const customer = { url, token };
      expect([...(await statusesOf(customer))]).toEqual([[first, 'booked']]);
      const second = await buyACup(customer, 'after');
      expect([...(await statusesOf(customer)).keys()]).toEqual([second, first]);
    });
    await during(true, async ({ url }) => {
      const old = await fetch(`${url}/api/orders`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(old.status, 'tokens of before are worth nothing').toBe(401);
      const customer = await newCustomer(url);
      const only = await buyACup(customer, 'before');
      expect([...(await statusesOf(customer)).keys()]).toEqual([only]);
    });
  },
  5 * MINUTES,
);
