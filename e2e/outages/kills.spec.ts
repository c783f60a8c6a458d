import {
  Load,
  openOrders,
  openSessions,
  ShopClient,
  until,
  type OrderWish,
  type Session,
  type System,
} from '@checkout/testkit';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../fixtures.js';
import { judge } from '../judge.js';

const VICTIMS = [
  'order',
  'enrichment',
  'payment',
  'ledger',
  'gateway-simulator',
  'console',
  'connect',
  'broker',
  'postgres',
];

/** So many that none of them comes near the 20 orders in 60 s that fraud detection allows. */
const CUSTOMERS = 200;
/** The work of a restart has two cores to share with it. */
const ORDERS_PER_SECOND = 10;
const ORDERS_BEFORE = 10;
/** Sent at once right before the kill, so that the blow meets orders at every stage. */
const BURST = 40;
const OPEN_AT_THE_KILL = 10;
/** Orders that must be accepted after the victim is back, as a proof that it works again. */
const ORDERS_AFTERWARDS = 10;
const BACK_WITHIN_MS = 45_000;
const AT_REST_WITHIN_MS = 60_000;

let customers: readonly Session[] | undefined;

test.describe('kill -9 under load: each order is charged and booked once, or not at all', () => {
  for (const victim of VICTIMS) {
    test(victim, async ({ system }) => {
      const client = new ShopClient(system.url);
      customers ??= await openSessions(client, CUSTOMERS);
      const before = await processNamed(system, victim);
      const load = new Load({ client, customers, perSecond: ORDERS_PER_SECOND, wish });

      await until(
        { what: 'orders flow', withinMs: 20_000 },
        () => load.placed().length >= ORDERS_BEFORE,
      );
      const open = await killUnderLoad(system, load, victim);
      await isBack(system, victim, before.pid);
      const then = load.placed().length;
      await until(
        { what: `orders are accepted after ${victim} came back`, withinMs: BACK_WITHIN_MS },
        () => load.placed().length >= then + ORDERS_AFTERWARDS,
      );
      const accepted = await load.end();

      const verdict = await judge(system, { withinMs: AT_REST_WITHIN_MS, accepted });
      expect(verdict.byStatus['booked']).toBeGreaterThan(0);
      expect(verdict.byStatus['payment_failed']).toBeGreaterThan(0);
      console.log(`  ${victim}: ${open} open at the kill; ${JSON.stringify(verdict.byStatus)}`);
    });
  }
});

/** Every fourth card is declined. */
function wish(n: number): OrderWish {
  const paymentMethod = n % 4 === 3 ? 'pm_card_visa_chargeDeclined' : 'pm_card_visa';
  return { lines: [{ sku: 'espresso-cup', quantity: 1 + (n % 3) }], paymentMethod };
}

/**
 * Reads the number of open orders and strikes at once: PostgreSQL could not be asked afterwards.
 */
async function killUnderLoad(system: System, load: Load, victim: string): Promise<number> {
  load.burst(BURST);
  const open = await until(
    { what: `${OPEN_AT_THE_KILL} orders are not final`, withinMs: 10_000, everyMs: 5 },
    async () => {
      const count = await openOrders(system.databaseUrl('orders'));
      if (count < OPEN_AT_THE_KILL) return false;
      system.kill(victim, 'SIGKILL');
      return count;
    },
  );
  return open;
}

async function isBack(system: System, victim: string, oldPid: number): Promise<void> {
  await until({ what: `${victim} was started again`, withinMs: BACK_WITHIN_MS }, async () => {
    const { pid } = await processNamed(system, victim);
    return pid !== oldPid;
  });
  await system.ready(victim);
}

/** As the runner tells the world, in its file. */
async function processNamed(system: System, name: string): Promise<{ pid: number }> {
  const text = await readFile(join(system.runDir, 'processes.json'), 'utf8');
  const found = (JSON.parse(text) as { name: string; pid: number }[]).find((p) => p.name === name);
  if (!found) throw new Error(`${name} is not in processes.json`);
  return found;
}
