/**
 * More customers want the last pieces of a product than there are, all at once, and the service
 * that decides about it is killed meanwhile. The product is divided into eight buckets in as many
 * partitions as they fall into, and still exactly as many are served as there is enough for.
 */
import { audit, reportOf } from '@checkout/proof';
import { Load, openSessions, ShopClient, startSystem, until, type System } from '@checkout/testkit';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { allEnded, statusesOf, undecided } from './order-statuses.js';

const MINUTE = 60_000;
vi.setConfig({ testTimeout: 3 * MINUTE });

/** Of the opening stock of 5,000; so many that there is enough for 64, and 72 are left. */
const WISH = { sku: 'hand-mill', quantity: 77 };
const ORDERS = 500;
const SERVED = 64;
/** Fraud detection lets each of them order twenty times in a minute. */
const CUSTOMERS = 50;
const BEFORE_THE_KILL = 150;

let runDir: string;
let system: System;
let held = false;

beforeAll(async () => {
  runDir = mkdtempSync(join(tmpdir(), 'checkout-last-pieces-'));
  chmodSync(runDir, 0o755); // PostgreSQL's user must get in.
  system = await startSystem({ runDir, env: { RUN_MODE: 'test', RECORD: '1' } });
}, 3 * MINUTE);

afterAll(async () => {
  await system.stop();
  if (held) rmSync(runDir, { recursive: true, force: true });
  else console.log(`logs and data of the failed run: ${runDir}`);
}, MINUTE);

it('500 orders want what is enough for 64: exactly 64 are served, whatever is killed', async () => {
  const client = new ShopClient(system.url);
  const customers = await openSessions(client, CUSTOMERS);
  const wish = () => ({ lines: [WISH], paymentMethod: 'pm_card_visa' });
  const load = new Load({ client, customers, perSecond: 1, wish });
  load.burst(ORDERS);
  const many = { what: `${BEFORE_THE_KILL} orders are placed`, withinMs: MINUTE, everyMs: 1 };
  await until(many, () => load.placed().length >= BEFORE_THE_KILL);
  system.kill('enrichment');
  await until({ what: 'orders wait for a decision', withinMs: MINUTE, everyMs: 5 }, async () => {
    return (await undecided(system)) > 0;
  });
  const { length: orders } = await load.end();
  await system.ready('enrichment');
  await allEnded(system);

  const ends = await statusesOf(system, WISH.sku);
  expect(orders).toBeGreaterThanOrEqual(ORDERS);
  expect(ends).toEqual([
    ...Array.from({ length: SERVED }, () => 'booked'),
    ...Array.from({ length: orders - SERVED }, () => 'rejected'),
  ]);

  const verdict = await audit({ ...system, settleWithinMs: MINUTE });
  const lines = reportOf(verdict);
  expect(lines.at(-1), lines.join('\n')).toMatch(/^EXACTLY-ONCE HELD /);
  for (const id of ['A13', 'A14']) {
    const one = verdict.invariants.find((invariant) => invariant.id === id);
    expect(one?.rows, id).toBeGreaterThan(ORDERS);
  }
  held = true;
  console.log(`${orders} orders, ${SERVED} served, ${verdict.met.aborts} aborts: ${lines.at(-1)}`);
});
