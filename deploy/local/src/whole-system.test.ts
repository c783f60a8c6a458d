/** What the whole system meets in its life: a part that hangs, a night, a new beginning. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, onTestFinished } from 'vitest';
import { withClient } from './databases.ts';
import { startSystem, type System, type SystemOptions } from './system.ts';
import { buyACup, newCustomer, orderACup, statusesOf, type Customer } from './testing/shop.ts';
import { until } from './testing/until.ts';

const MINUTE = 60_000;

const runDir = mkdtempSync(join(tmpdir(), 'checkout-local-'));
chmodSync(runDir, 0o755); // PostgreSQL's user must get in.
let system: System | undefined;
afterEach(async () => system?.stop());
afterAll(() => rmSync(runDir, { recursive: true }));

async function start(options: Omit<SystemOptions, 'runDir'> = {}): Promise<System> {
  system = await startSystem({ runDir, ...options });
  return system;
}

/** Of the first start, with what was bought then. */
let customer: Customer;
let first: string;

it(
  'a source that hangs is restarted, and its rows are published',
  async () => {
    const said: string[] = [];
    const { url } = await start({ report: (line) => void said.push(line) });
    customer = await newCustomer(url);
    const sender = await senderOf();
    process.kill(sender, 'SIGSTOP');
    onTestFinished(() => goOn(sender));

    const bought = buyACup(customer, 'while it hangs');
    await until(() => said.some((line) => line.includes('published nothing')), MINUTE);
    goOn(sender);
    first = await bought;

    expect(said.join('\n')).toContain('connector orders-outbox published nothing');
    expect(await senderOf()).not.toBe(sender);
  },
  4 * MINUTE,
);

it(
  'a second start finds the same orders, and takes more',
  async () => {
    const { url } = await start();
    customer = { ...customer, url };
    expect([...(await statusesOf(customer))]).toEqual([[first, 'booked']]);
    const second = await buyACup(customer, 'after');
    expect([...(await statusesOf(customer)).keys()]).toEqual([second, first]);
  },
  2 * MINUTE,
);

it(
  'a fresh start knows nothing of them',
  async () => {
    const { url } = await start({ fresh: true, only: ['order', 'console'] });
    const headers = { authorization: `Bearer ${customer.token}` };
    const old = await fetch(`${url}/api/orders`, { headers });
    expect(old.status, 'tokens of before are worth nothing').toBe(401);
    const another = await newCustomer(url);
    const only = await orderACup(another, 'while it hangs');
    expect([...(await statusesOf(another)).keys()]).toEqual([only]);
  },
  2 * MINUTE,
);

/** PostgreSQL's end of the source's connection. */
async function senderOf(): Promise<number> {
  return withClient(system?.databaseUrl('orders') ?? '', async (client) => {
    const { rows } = await client.query<{ pid: number }>(
      `SELECT active_pid AS pid FROM pg_replication_slots WHERE slot_name = 'orders_outbox'`,
    );
    return rows[0]?.pid ?? 0;
  });
}

function goOn(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It has ended.
  }
}
