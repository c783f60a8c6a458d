import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from '@checkout/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { databaseProxy } from './testing/database-proxy.js';
import { holdTable } from './testing/hold-table.js';
import {
  bearer,
  type Customer,
  orderApplication,
  type OrderApplication,
  place,
  signIn,
  twoCups,
} from './testing/order-application.js';

/** As built: what is killed is a process. */
const PROGRAM = fileURLToPath(new URL('../dist/testing/order-process.js', import.meta.url));
const BATCH = 20;

/** Another replica, which the customers turn to when theirs is gone. */
let order: OrderApplication;
let proxy: Awaited<ReturnType<typeof databaseProxy>>;
let customers: Customer[];
/** Others, whose orders take the slots. */
let first: Customer;
let second: Customer;
let replica: ChildProcess;
let url: string;

beforeAll(async () => {
  order = await orderApplication();
  const all = Array.from({ length: BATCH + 2 }, () => signIn(order.app));
  [first, second, ...customers] = (await Promise.all(all)) as [Customer, Customer, ...Customer[]];
}, 60_000);
afterAll(() => order.stop());

beforeEach(async () => {
  proxy = await databaseProxy(order.database.url);
  replica = spawn(process.execPath, [PROGRAM, proxy.url], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(replica.stdout!), 'line')) as [string];
  url = line;
});
afterEach(async () => {
  replica.kill('SIGKILL');
  await proxy.close();
});

/** At the replica that is to die; undefined when no answer comes. */
async function ask(customer: Customer, key: string): Promise<Response | undefined> {
  return fetch(`${url}/api/orders`, {
    method: 'POST',
    headers: {
      ...bearer(customer),
      'idempotency-key': key,
      'content-type': 'application/json',
    },
    body: JSON.stringify(twoCups),
  }).catch(() => undefined);
}

/** Two that wait for the table take the slots, so that what follows is one batch. */
async function askInOneBatch(key: string) {
  const table = await holdTable(order.database, 'orders');
  const before = [first, second].map((customer, n) => ask(customer, `${key} before ${n}`));
  await table.waited(2);
  const asked = customers.map((customer, n) => ask(customer, `${key} ${n}`));
  await idle();
  return { table, before, asked };
}

/** Nothing that was sent to the replica is still on its way to the coalescer. */
async function idle(): Promise<void> {
  for (let n = 0; n < 20; n += 1) await fetch(`${url}/api/products`);
}

interface Stored {
  readonly key: string;
  readonly id: string;
  readonly xid: string;
}
const stored = (key: string) =>
  order.database.query<Stored>(
    `SELECT k.key, o.id, o.xid::text FROM orders o
       JOIN idempotency_keys k ON k.order_id = o.id
       JOIN outbox b ON b.aggregateid = o.id::text AND b.xid = o.xid
     WHERE k.key SIMILAR TO $1 || ' [0-9]+'`,
    [key],
  );
const allAreStored = (key: string) =>
  until({ what: 'the batch is committed', withinMs: 10_000 }, async () => {
    const orders = await stored(key);
    return orders.length === BATCH && orders;
  });

async function repeatElsewhere(key: string) {
  const again = await Promise.all(
    customers.map((customer, n) => place(order.app, customer, { key: `${key} ${n}` })),
  );
  return again.map(({ statusCode, headers, body }) => ({
    status: statusCode,
    replayed: headers['idempotent-replayed'],
    id: (JSON.parse(body) as { id: string }).id,
  }));
}

describe('a batch of orders', () => {
  test('killed after the commit, before the answer: a repeat gets what it made', async () => {
    proxy.lose('lost 5', 'answer withheld');
    const { table, before, asked } = await askInOneBatch('lost');
    await table.release();
    expect((await Promise.all(before)).map((answer) => answer?.status)).toEqual([201, 201]);
    const orders = await allAreStored('lost');

    replica.kill('SIGKILL');
    const unanswered = (await Promise.all(asked)).filter((answer) => answer === undefined);
    expect(unanswered.length).toBeGreaterThan(1);

    const ids = new Map(orders.map(({ key, id }) => [key, id]));
    expect(await repeatElsewhere('lost')).toEqual(
      customers.map((_, n) => ({ status: 201, replayed: 'true', id: ids.get(`lost ${n}`) })),
    );
    expect(await stored('lost')).toHaveLength(BATCH);
  });

  test('whose answer is lost with the connection: nobody is told yes or no', async () => {
    proxy.lose('cut 5', 'connection cut');
    const { table, asked } = await askInOneBatch('cut');
    await table.release();
    const answers = await Promise.all(asked);
    const statuses = answers.map((answer) => answer?.status);
    const lost = answers.filter((answer) => answer?.status === 503);
    expect(lost.length).toBeGreaterThan(1);
    expect(await lost[0]?.text()).toContain('It may have been lost in the middle.');
    expect(statuses.filter((status) => status !== 503 && status !== 201)).toEqual([]);
    await allAreStored('cut');

    const again = await Promise.all(customers.map((customer, n) => ask(customer, `cut ${n}`)));
    expect(again.map((answer) => answer?.headers.get('idempotent-replayed'))).toEqual(
      again.map(() => 'true'),
    );
    expect(await stored('cut')).toHaveLength(BATCH);
  });

  test('killed before the commit: nothing is there, and each repeat places its order', async () => {
    const { table, before, asked } = await askInOneBatch('early');
    replica.kill('SIGKILL');
    expect(await Promise.all([...before, ...asked])).toEqual(Array(BATCH + 2).fill(undefined));
    // The database does what it does when it learns that its client is gone.
    await order.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks
       WHERE relation = 'orders'::regclass AND NOT granted`,
    );
    await table.release();
    expect(await stored('early')).toEqual([]);
    expect(await stored('early before')).toEqual([]);
    const again = await repeatElsewhere('early');
    expect(again).toEqual(again.map(({ id }) => ({ status: 201, replayed: undefined, id })));
    expect(await stored('early')).toHaveLength(BATCH);
  });
});
