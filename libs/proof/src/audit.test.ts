import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import {
  JavaWitness,
  ledgerEntries,
  openSessions,
  query,
  ShopClient,
  startSystem,
  type Session,
  type System,
  until,
} from '@checkout/testkit';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { audit, type Audit } from './audit.js';
import { historyLine, requestHash, sha256 } from './recordings/client-history.js';

const MINUTE = 60_000;
vi.setConfig({ testTimeout: 3 * MINUTE });

const ORDERS = 36;
const CUSTOMERS = 6;
const repository = join(import.meta.dirname, '../../..');
let runDir: string;
let system: System;

beforeAll(async () => {
  runDir = mkdtempSync(join(tmpdir(), 'proof-system-'));
  chmodSync(runDir, 0o755); // PostgreSQL's user must get in.
  system = await startSystem({ runDir, env: { RUN_MODE: 'test', RECORD: '1' } });
  const client = new ShopClient(system.url);
  const sessions = await openSessions(client, CUSTOMERS);
  for (let n = 0; n < ORDERS; n++) await shop(client, sessions[n % CUSTOMERS]!, n);
}, 5 * MINUTE);

afterAll(async () => {
  await system.stop();
  rmSync(runDir, { recursive: true, force: true });
}, MINUTE);

/** One order, written down as its client sees it; every sixth is cancelled, one is refused. */
async function shop(client: ShopClient, session: Session, n: number): Promise<void> {
  const key = randomUUID();
  const sku = n === 7 ? 'no-such-thing' : 'espresso-cup';
  const paymentMethod = n % 4 === 3 ? 'pm_card_visa_chargeDeclined' : 'pm_card_visa';
  const request = { lines: [{ sku, quantity: 1 + (n % 3) }], paymentMethod };
  const bodyHash = requestHash(request);
  const body = JSON.stringify(request);
  aboutToSend({ op: 'place', session, key, bodyHash });
  const answer = await client.call('POST', '/api/orders', { session, key, body });
  const ok = answer.status === 201;
  const orderId = ok ? (JSON.parse(answer.body) as { id: string }).id : null;
  note({ op: 'place', session, key, bodyHash, orderId, answer });
  if (orderId === null || n % 6 !== 0) return;
  const cancelKey = randomUUID();
  const path = `/api/orders/${orderId}/cancel`;
  aboutToSend({ op: 'cancel', session, key: cancelKey, bodyHash: orderId });
  const cancelled = await client.call('POST', path, { session, key: cancelKey });
  const common = { op: 'cancel', session, key: cancelKey, bodyHash: orderId, orderId } as const;
  note({ ...common, answer: cancelled });
}

interface Noted {
  readonly op: 'place' | 'cancel';
  readonly session: Session;
  readonly key: string;
  readonly bodyHash: string;
  readonly orderId: string | null;
  readonly answer: { readonly status: number; readonly body: string };
}

function aboutToSend(request: Pick<Noted, 'op' | 'session' | 'key' | 'bodyHash'>): void {
  const { op, session, key, bodyHash } = request;
  const { customerId } = session;
  const unheard = { result: 'sent', orderId: null, responseHash: null } as const;
  const line = historyLine({ op, customerId, key, bodyHash, ...unheard });
  appendFileSync(join(runDir, 'history.ndjson'), line);
}

function note({ op, session, key, bodyHash, orderId, answer }: Noted): void {
  const { customerId } = session;
  const result = answer.status < 300 ? 'ok' : 'fail';
  const responseHash = sha256(answer.body);
  const line = historyLine({ op, customerId, key, bodyHash, result, orderId, responseHash });
  appendFileSync(join(runDir, 'history.ndjson'), line);
}

function judged(gatewayUrl = system.gatewayUrl): Promise<Audit> {
  return audit({
    brokers: system.brokers,
    gatewayUrl,
    databaseUrl: (database) => system.databaseUrl(database),
    settleWithinMs: MINUTE,
    runDir,
  });
}

/** Where enrichment has said that an order may be paid. */
async function approvedFact() {
  const [fact] = await query<{
    orderId: string;
    topic: string;
    partition: number;
    offset: string;
  }>(
    system.databaseUrl('orders'),
    `SELECT order_id AS "orderId", topic, partition, "offset" FROM order_facts
     WHERE kind = 'approved' LIMIT 1`,
  );
  return fact!;
}

/** As a person asks. */
function command(...args: string[]) {
  const file = join(repository, 'deploy/local/src/audit.ts');
  const env = { ...process.env, RUN_DIR: runDir };
  const { status, stdout } = spawnSync(process.execPath, [file, ...args], {
    env,
    encoding: 'utf8',
  });
  return { status, lines: stdout.trim().split('\n') };
}

const violated = ({ invariants }: Audit) =>
  invariants.filter(({ verdict }) => verdict === 'VIOLATED');

it('says at once of orders on their way what holds at every moment', async () => {
  const booked = { what: 'an order is booked', withinMs: MINUTE };
  await until(booked, async () => (await ledgerEntries(system.databaseUrl('ledger'))).length > 0);
  const { status, lines } = command('--now');
  expect(lines.at(-1)).toMatch(
    /^HELD SO FAR orders=\d+ .*: A07, A15, A22, which hold at every moment$/,
  );
  // The four that are asked, what the system went through, and the verdict.
  expect(lines).toHaveLength(6);
  expect(status).toBe(0);
});

it('holds over a system that runs, and every invariant has looked at something', () => {
  const { status, lines } = command();
  const last = lines.at(-1);
  expect(last).toMatch(new RegExp(`^EXACTLY-ONCE HELD orders=${ORDERS - 1} examined=\\d+ `));
  expect(status).toBe(0);
  const unseen = lines.filter((line) => /^A\d\d {2}NOT OBSERVED/.test(line));
  // Every request was answered, and these books were never looked at before.
  expect(unseen.map((line) => line.slice(0, 3))).toEqual(['A03', 'A26']);
  expect(lines.filter((line) => /^A\d\d {2}HELD/.test(line))).toHaveLength(34);
  const recorded = lines.filter((line) => /\([1-9]\d* of the rows from recordings\)$/.test(line));
  const recordings = ['A07', 'A08', 'A09', 'A12', 'A35'];
  expect(recorded.map((line) => line.slice(0, 3))).toEqual(recordings);
  // Nobody has planted a secret, and there was no audit before.
  expect(last).toMatch(/ partlyObserved=3$/);
});

it('takes nothing for lost that was placed while it read', async () => {
  const connect = system.processes().find(({ name }) => name === 'connect')?.pid ?? 0;
  let placed = false;
  const books = createServer((request, response) => {
    const late = async (): Promise<void> => {
      if (!placed) {
        placed = true;
        // Long after the databases were read; and it does not come onto a topic for a while.
        await pause(400);
        process.kill(connect, 'SIGSTOP');
        const client = new ShopClient(system.url);
        await shop(client, await client.openSession(), 1);
        setTimeout(() => process.kill(connect, 'SIGCONT'), 2_000);
      }
      const answer = await fetch(system.gatewayUrl + request.url);
      response.end(await answer.text());
    };
    void late();
  }).listen(0, '127.0.0.1');
  await once(books, 'listening');
  const { port } = books.address() as AddressInfo;
  const verdict = await judged(`http://127.0.0.1:${port}`);
  books.close();
  expect(placed).toBe(true);
  expect(violated(verdict)).toEqual([]);
  expect(verdict).toMatchObject({ orders: ORDERS, rest: { waitingFor: [] } });
});

it('finds at once a record that was read before its commit', async () => {
  const { topic, partition, offset } = await approvedFact();
  const records = [[Number(offset), null, '']];
  const early = { kind: 'read', group: 'early', topic, partition, at: 1, records };
  const file = join(runDir, 'record', 'early.ndjson');
  writeFileSync(file, `${JSON.stringify(early)}\n`);
  const { status, lines } = command('--now');
  rmSync(file);
  expect(lines.at(-1)).toBe(
    `VIOLATED A07 ${topic}-${partition}@${offset}: early has read it before its commit`,
  );
  expect(status).toBe(1);
});

it('is held against the last time: what the ledger said then it still says', async () => {
  const verdict = await judged();
  expect(violated(verdict)).toEqual([]);
  expect(verdict.invariants.find(({ id }) => id === 'A26')).toMatchObject({ verdict: 'HELD' });
});

it('holds a price that was changed since against no order', async () => {
  const url = system.databaseUrl('orders');
  await query(url, 'UPDATE products SET unit_price = unit_price + 10');
  expect(violated(await judged())).toEqual([]);
  await query(url, 'UPDATE products SET unit_price = unit_price - 10');
});

it('misses the wish of a cancel that was answered with a yes', async () => {
  const url = system.databaseUrl('orders');
  const [order] = await query<{ id: string; at: string }>(
    url,
    `SELECT id, cancel_requested_at::text AS at FROM orders
     WHERE cancel_requested_at IS NOT NULL LIMIT 1`,
  );
  const wish = 'UPDATE orders SET cancel_requested_at = $2 WHERE id = $1';
  await query(url, wish, [order?.id, null]);
  const verdict = await judged();
  expect(violated(verdict).map(({ id }) => id)).toEqual(['A01']);
  expect(violated(verdict)[0]?.counterExamples.map(({ orderId }) => orderId)).toEqual([order?.id]);
  await query(url, wish, [order?.id, order?.at]);
});

it('finds one minor unit that was changed in a table, and names the order', async () => {
  const url = system.databaseUrl('orders');
  const [order] = await query<{ id: string }>(
    url,
    `UPDATE orders SET total = total + 1
     WHERE id = (SELECT id FROM orders WHERE status = 'booked' LIMIT 1) RETURNING id`,
  );
  const verdict = await judged();
  expect(violated(verdict).map(({ id }) => id)).toEqual(['A32']);
  expect(violated(verdict)[0]?.counterExamples.map(({ orderId }) => orderId)).toEqual([order?.id]);
  await query(url, 'UPDATE orders SET total = total - 1 WHERE id = $1', [order?.id]);
});

it('finds an outcome that came onto its topic twice, also when the system is stopped', async () => {
  const { orderId, topic, partition, offset } = await approvedFact();
  const java = new JavaWitness(runDir, system.brokers);
  await java.ask('repeat', topic, partition, offset);
  await java.end();
  const verdict = await judged();
  expect(violated(verdict).map(({ id }) => id)).toEqual(['A10']);
  await system.stop();

  const { status, lines } = command();
  const place = `${topic}-${partition}@`;
  expect(lines.at(-1)).toContain(`VIOLATED A10 order ${orderId}`);
  expect(lines.at(-1)).toContain(place);
  expect(status).toBe(1);
});
