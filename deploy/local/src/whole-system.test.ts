/**
 * One shop in its life: its servers are somebody else's at first, a part hangs, a night passes, and
 * at last everything begins anew.
 */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { withClient } from './databases.ts';
import { startSystem, type System, type SystemOptions } from './system.ts';
import { buyACup, newCustomer, orderACup, statusesOf, type Customer } from './testing/shop.ts';
import { lives, until } from './testing/until.ts';

const MINUTE = 60_000;
const SERVERS = ['postgres', 'broker', 'connect'];

const [theirs, ours] = [runFolder(), runFolder()];
const running: System[] = [];
afterAll(async () => {
  await stopAll();
  for (const folder of [theirs, ours]) rmSync(folder, { recursive: true });
}, MINUTE);

function runFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'checkout-local-'));
  chmodSync(folder, 0o755); // PostgreSQL's user must get in.
  return folder;
}

async function start(options: SystemOptions): Promise<System> {
  const system = await startSystem(options);
  running.push(system);
  return system;
}

async function stopAll(): Promise<void> {
  while (running.length > 0) await running.pop()?.stop();
}

/** Of the first start, with what was bought then. */
let customer: Customer;
const bought: string[] = [];
let portsBefore: System['ports'];

describe('servers that exist already', () => {
  let servers: System;
  const said: string[] = [];

  it(
    'are enough: the services alone are started, and an order is booked',
    async () => {
      servers = await start({ runDir: theirs, only: SERVERS });
      // As in any company: whoever runs the servers and whoever uses them share the passwords.
      copyFileSync(join(theirs, 'secrets.json'), join(ours, 'secrets.json'));
      const system = await start({
        runDir: ours,
        report: (line) => void said.push(line),
        servers: {
          databaseUrl: servers.databaseUrl('orders').replace(/\/orders$/, '/postgres'),
          kafkaBrokers: servers.brokers.join(','),
          connectUrl: `http://127.0.0.1:${servers.ports['connect']}`,
        },
      });
      const own = system.processes().map(({ name }) => name);
      expect(own).toContain('order');
      expect(own.filter((name) => SERVERS.includes(name))).toEqual([]);
      customer = await newCustomer(system.url);
      bought.unshift(await buyACup(customer, 'a cup'));
    },
    4 * MINUTE,
  );

  it(
    'with a source that hangs: it is restarted, and its rows are published',
    async () => {
      const sender = await senderOf(servers);
      process.kill(sender, 'SIGSTOP');
      onTestFinished(() => goOn(sender));

      const waited = buyACup(customer, 'while it hangs');
      await until(() => said.some((line) => line.includes('published nothing')), MINUTE);
      goOn(sender);
      bought.unshift(await waited);

      expect(said.join('\n')).toContain('connector orders-outbox published nothing');
      expect(await senderOf(servers)).not.toBe(sender);
    },
    4 * MINUTE,
  );

  it(
    'are left as they were',
    async () => {
      await giveConnect(servers);
      const before = servers.processes().map(({ pid }) => pid);
      await running.pop()?.stop();
      const now = servers.processes().map(({ name, restarts }) => `${name} ${restarts}`);
      expect(now.sort()).toEqual(['broker 0', 'connect 0', 'postgres 0']);
      portsBefore = servers.ports;
      await servers.stop();
      expect(before.filter(lives)).toEqual([]);
    },
    MINUTE,
  );
});

it(
  'a second start finds the same orders, at the same ports, and takes more',
  async () => {
    await stopAll();
    const { url, ports } = await start({ runDir: theirs });
    expect(ports).toMatchObject(portsBefore);
    expect(await connectorsOf(ports)).toContain(SINK.name);
    customer = { ...customer, url };
    expect([...(await statusesOf(customer))]).toEqual(bought.map((id) => [id, 'booked']));
    bought.unshift(await buyACup(customer, 'after'));
    expect([...(await statusesOf(customer)).keys()]).toEqual(bought);
  },
  2 * MINUTE,
);

it(
  'a fresh start knows nothing of them',
  async () => {
    await stopAll();
    const secrets = readFileSync(join(theirs, 'secrets.json'), 'utf8');
    // A judge that compared with them would miss what was forgotten.
    const kept = ['audit', 'history.ndjson', 'reads.ndjson'].map((name) => join(theirs, name));
    for (const file of kept) writeFileSync(file, '{}');

    const { url } = await start({ runDir: theirs, fresh: true, only: ['order', 'console'] });

    expect(readFileSync(join(theirs, 'secrets.json'), 'utf8')).not.toBe(secrets);
    expect(kept.filter(existsSync)).toEqual([]);
    const headers = { authorization: `Bearer ${customer.token}` };
    const old = await fetch(`${url}/api/orders`, { headers });
    expect(old.status, 'tokens of before are worth nothing').toBe(401);
    const another = await newCustomer(url);
    const only = await orderACup(another, 'while it hangs');
    expect([...(await statusesOf(another)).keys()]).toEqual([only]);
  },
  2 * MINUTE,
);

/** Connect keeps what it is told as records of a topic: it must find them again to know of it. */
const SINK = {
  name: 'kept',
  initial_state: 'STOPPED',
  config: {
    'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
    topics: 'kept',
    'connection.url': 'jdbc:postgresql://127.0.0.1/none',
    'connection.username': 'none',
    'connection.password': 'none',
  },
};

async function giveConnect({ ports }: System): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${ports['connect']}/connectors`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(SINK),
  });
  expect(answer.status).toBe(201);
}

async function connectorsOf(ports: System['ports']): Promise<unknown> {
  return (await fetch(`http://127.0.0.1:${ports['connect']}/connectors`)).json();
}

/** PostgreSQL's end of the source's connection. */
async function senderOf(servers: System): Promise<number> {
  return withClient(servers.databaseUrl('orders'), async (client) => {
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
