/**
 * The whole shop with Kafka Streams in the place of enrichment: its JVM is killed while orders are
 * on their way, and its disk is taken away with it; then the judge.
 */
import { audit, reportOf } from '@checkout/proof';
import {
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

const CUSTOMERS = 12;
/** Of one product, for ever. */
const PRINTS = 10;
const ON_THEIR_WAY = 8;
const BACK_WITHIN_MS = 30_000;
const repository = join(import.meta.dirname, '../..');

let runDir: string;
let system: System;
let client: ShopClient;
let customers: Session[];
const accepted: string[] = [];

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
  rmSync(runDir, { recursive: true, force: true });
}, MINUTE);

/** Cups for all, every third wants one of the last prints, and every fifth card is declined. */
function wish(n: number): OrderWish {
  const cups = { sku: 'espresso-cup', quantity: 1 + (n % 3) };
  if (n % 3 === 0) {
    const print = { sku: 'limited-print', quantity: 1 };
    return { lines: [cups, print], paymentMethod: 'pm_card_visa' };
  }
  const paymentMethod = n % 5 === 0 ? 'pm_card_visa_chargeDeclined' : 'pm_card_visa';
  return { lines: [cups], paymentMethod };
}

/** At once; resolves when each was accepted. */
async function order(count: number): Promise<void> {
  const first = accepted.length;
  const placed = Array.from({ length: count }, (_, i) => {
    const n = first + i;
    return client.placeOrder(customers[n % CUSTOMERS]!, wish(n));
  });
  accepted.push(...(await Promise.all(placed)).map(({ id }) => id));
}

function enrichment(): number {
  return system.processes().find(({ name }) => name === 'enrichment')?.pid ?? 0;
}

/** The program that a process is, as the kernel tells it. */
function programOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
}

async function killOnTheWay(before: () => void = () => undefined): Promise<void> {
  const pid = enrichment();
  expect(programOf(pid)).toMatch(/^\S*java .* EnrichmentStreams /);
  const orders = order(20);
  const what = `${ON_THEIR_WAY} orders are on their way`;
  await until({ what, withinMs: 20_000, everyMs: 5 }, async () => {
    if ((await openOrders(system.databaseUrl('orders'))) < ON_THEIR_WAY) return false;
    before();
    return system.kill('enrichment', 'SIGKILL') === pid;
  });
  await orders;
  const back = { what: 'Kafka Streams is started again', withinMs: BACK_WITHIN_MS };
  await until(back, () => enrichment() !== 0 && enrichment() !== pid);
  await system.ready('enrichment');
  await allEnded();
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

it('ends every order, and tells its timeline', async () => {
  await order(20);
  await allEnded();
  const path = `/api/orders/${accepted[0]}/timeline`;
  const { body } = await client.call('GET', path, { session: customers[0]! });
  const { facts, missing } = JSON.parse(body) as {
    facts: { service: string; what: string }[];
    missing: string[];
  };
  expect(missing).toEqual([]);
  expect(facts.filter(({ service }) => service === 'enrichment').length).toBeGreaterThan(3);
});

it('ends every order when its JVM is killed with orders on their way', () => killOnTheWay());

it('remembers from its changelogs what is reserved when its disk is gone, too', async () => {
  const state = join(runDir, 'data', 'enrichment-streams');
  await killOnTheWay(() => renameSync(state, `${state}.lost`));
  const prints = await statusesOf('limited-print');
  expect(prints).toEqual([
    ...Array.from({ length: PRINTS }, () => 'booked'),
    ...Array.from({ length: prints.length - PRINTS }, () => 'rejected'),
  ]);
});

it('is held to exactly once by the judge, who reads the state that Kafka Streams has kept', async () => {
  const verdict = await audit({ ...system, settleWithinMs: MINUTE });
  const lines = reportOf(verdict);
  expect(lines.at(-1), lines.join('\n')).toMatch(/^EXACTLY-ONCE HELD orders=60 /);
  expect(verdict.rest.waitingFor).toEqual([]);
  const missed = verdict.invariants.filter((one) => one.verdict === 'NOT OBSERVED');
  // No client wrote a history, and the books were never judged before.
  expect(missed.map(({ id }) => id)).toEqual(['A01', 'A02', 'A03', 'A26']);
  const a13 = verdict.invariants.find(({ id }) => id === 'A13');
  expect(a13?.rows).toBeGreaterThan(60 + 6);
  expect(a13?.without).toBeUndefined();
  expect(verdict.met.aborts, 'Kafka transactions that a kill has cut short').toBeGreaterThan(0);
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
