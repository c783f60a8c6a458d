/**
 * The whole shop with Kafka Streams in the place of enrichment: its JVM is killed while orders are
 * on their way, and its disk is taken away with it; then the judge.
 */
import { audit, reportOf } from '@checkout/proof';
import {
  Load,
  openOrders,
  openSessions,
  query,
  ShopClient,
  startSystem,
  until,
  type OrderWish,
  type Session,
  type System,
} from '@checkout/testkit';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

const MINUTE = 60_000;
vi.setConfig({ testTimeout: 2 * MINUTE });

/** Fraud detection lets each of them order twenty times in a minute. */
const CUSTOMERS = 60;
const ORDERS_PER_SECOND = 15;
/** Of one product, for ever. */
const PRINTS = 10;
const BEFORE = 10;
const UNDECIDED_AT_THE_KILL = 4;
const AFTERWARDS = 10;
const BACK_WITHIN_MS = 30_000;
const repository = join(import.meta.dirname, '../..');

let runDir: string;
let system: System;
let client: ShopClient;
let customers: Session[];
let held = false;

beforeAll(async () => {
  runDir = mkdtempSync(join(tmpdir(), 'checkout-streams-'));
  chmodSync(runDir, 0o755); // PostgreSQL's user must get in.
  const env = { RUN_MODE: 'test', RECORD: '1', ENRICHMENT: 'streams' };
  system = await startSystem({ runDir, env });
  client = new ShopClient(system.url);
  customers = await openSessions(client, CUSTOMERS);
}, 5 * MINUTE);

afterAll(async () => {
  await system.stop();
  if (held) rmSync(runDir, { recursive: true, force: true });
  else console.log(`logs and data of the failed run: ${runDir}`);
}, MINUTE);

/** Cups for all, every sixth wants one of the last prints, and every fifth card is declined. */
function wish(n: number): OrderWish {
  const cups = { sku: 'espresso-cup', quantity: 1 + (n % 3) };
  if (n % 6 === 0) {
    const print = { sku: 'limited-print', quantity: 1 };
    return { lines: [cups, print], paymentMethod: 'pm_card_visa' };
  }
  const paymentMethod = n % 5 === 0 ? 'pm_card_visa_chargeDeclined' : 'pm_card_visa';
  return { lines: [cups], paymentMethod };
}

function enrichment(): number {
  return system.processes().find(({ name }) => name === 'enrichment')?.pid ?? 0;
}

/** The program that a process is, as the kernel tells it. */
function programOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
}

/** Orders keep coming before, meanwhile and afterwards, and all of them come to an end. */
async function killUnderLoad(before: () => void = () => undefined): Promise<void> {
  const load = new Load({ client, customers, perSecond: ORDERS_PER_SECOND, wish });
  const come = (many: number) => {
    const wanted = load.placed().length + many;
    const what = `${many} orders more are accepted`;
    return until({ what, withinMs: BACK_WITHIN_MS }, () => load.placed().length >= wanted);
  };
  await come(BEFORE);
  const pid = enrichment();
  expect(programOf(pid)).toMatch(/^\S*java .* EnrichmentStreams /);
  const what = `${UNDECIDED_AT_THE_KILL} orders are not decided`;
  await until({ what, withinMs: 20_000, everyMs: 5 }, async () => {
    if ((await undecided()) < UNDECIDED_AT_THE_KILL) return false;
    before();
    return system.kill('enrichment', 'SIGKILL') === pid;
  });
  const back = { what: 'Kafka Streams is started again', withinMs: BACK_WITHIN_MS };
  await until(back, () => enrichment() !== 0 && enrichment() !== pid);
  await system.ready('enrichment');
  await come(AFTERWARDS);
  await load.end();
  await allEnded();
}

async function undecided(): Promise<number> {
  const sql = `SELECT count(*)::integer AS n FROM orders WHERE status = 'placed'`;
  const [row] = await query<{ n: number }>(system.databaseUrl('orders'), sql);
  return row?.n ?? 0;
}

async function allEnded(): Promise<void> {
  await until({ what: 'every order has come to its end', withinMs: MINUTE }, async () => {
    return (await openOrders(system.databaseUrl('orders'))) === 0;
  });
}

async function statusesOf(sku: string): Promise<string[]> {
  const rows = await query<{ status: string }>(
    system.databaseUrl('orders'),
    `SELECT status FROM orders WHERE id IN (SELECT order_id FROM order_lines WHERE sku = $1)`,
    [sku],
  );
  return rows.map(({ status }) => status).toSorted();
}

it('tells an order’s way through it', async () => {
  const [customer] = customers;
  const { id } = await client.placeOrder(customer!, wish(0));
  await allEnded();
  const { body } = await client.call('GET', `/api/orders/${id}/timeline`, { session: customer! });
  const { facts, missing } = JSON.parse(body) as {
    facts: { service: string; what: string }[];
    missing: string[];
  };
  expect(missing).toEqual([]);
  const said = facts.filter(({ service }) => service === 'enrichment').map(({ what }) => what);
  expect(said.toSorted()).toEqual(['decision', 'fraud', 'split', 'stock', 'stock']);
});

it('brings every order to its end when its JVM is killed in the middle', () => killUnderLoad());

it('remembers from its changelogs what is reserved when its disk is gone, too', async () => {
  const state = join(runDir, 'data', 'enrichment-streams');
  await killUnderLoad(() => renameSync(state, `${state}.lost`));
  const prints = await statusesOf('limited-print');
  expect(prints).toEqual([
    ...Array.from({ length: PRINTS }, () => 'booked'),
    ...Array.from({ length: prints.length - PRINTS }, () => 'rejected'),
  ]);
});

it('is held to exactly once by the judge, who reads what Kafka Streams has kept', async () => {
  const verdict = await audit({ ...system, settleWithinMs: MINUTE });
  const lines = reportOf(verdict);
  expect(lines.at(-1), lines.join('\n')).toMatch(/^EXACTLY-ONCE HELD /);
  expect(verdict.rest.waitingFor).toEqual([]);
  const missed = verdict.invariants.filter((one) => one.verdict === 'NOT OBSERVED');
  // No client wrote a history, and the books were never judged before.
  expect(missed.map(({ id }) => id)).toEqual(['A01', 'A02', 'A03', 'A26']);
  const a13 = verdict.invariants.find(({ id }) => id === 'A13');
  expect(a13?.rows).toBeGreaterThan(verdict.orders);
  expect(a13?.without).toBeUndefined();
  held = true;
  console.log(`${verdict.orders} orders, ${verdict.met.aborts} aborts: ${lines.at(-1)}`);
});

it('leaves its cluster to no other enrichment, whatever the run folder says', () => {
  const topics = join(repository, 'deploy/topics/dist/main.js');
  const env = { ...process.env, KAFKA_BROKERS: system.brokers.join(','), ENRICHMENT: 'engine' };
  const { status, stderr } = spawnSync(process.execPath, [topics], { env, encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /enrichment\.inventory-stock-changelog is not empty: .*ENRICHMENT=streams/,
  );
});
