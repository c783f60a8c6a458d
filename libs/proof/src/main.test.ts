import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const main = join(import.meta.dirname, '../dist/main.js');

function run(env: Record<string, string>, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** A port at which nobody answers. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function nobodyThere(): Promise<Record<string, string>> {
  const port = await closedPort();
  const database = `postgres://auditor:secret@127.0.0.1:${port}`;
  return {
    KAFKA_BROKERS: `127.0.0.1:${port}`,
    GATEWAY_URL: `http://127.0.0.1:${port}`,
    ORDERS_DATABASE_URL: `${database}/orders`,
    PAYMENTS_DATABASE_URL: `${database}/payments`,
    LEDGER_DATABASE_URL: `${database}/ledger`,
    GATEWAY_DATABASE_URL: `${database}/gateway`,
    SETTLE_WITHIN_MS: '0',
  };
}

it('says each variable that is missing or wrong, and gives no verdict', async () => {
  const env = { ...(await nobodyThere()), KAFKA_BROKERS: '', SETTLE_WITHIN_MS: 'soon' };
  const { status, stdout, stderr } = run(env);
  expect(stderr).toContain('KAFKA_BROKERS: expected host:port, separated by commas');
  expect(stderr).toContain('SETTLE_WITHIN_MS: expected milliseconds');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
});

it('says who does not answer, without a password, and gives no verdict', async () => {
  const { status, stderr } = run(await nobodyThere());
  expect(stderr).toMatch(/^no verdict: (Kafka|PostgreSQL) does not answer at 127\.0\.0\.1:\d+/);
  expect(stderr).not.toContain('secret');
  expect(stderr).not.toContain('    at ');
  expect(status).toBe(2);
});

it('refuses arguments that it does not know', async () => {
  const { status, stderr } = run(await nobodyThere(), '--jsn');
  expect(stderr).toContain("Unknown option '--jsn'");
  expect(status).toBe(2);
});
