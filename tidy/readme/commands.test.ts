import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../workspace.js';
import { blocksOf } from './blocks.js';
import { runCommand } from './run-command.js';

/**
 * Types what the README tells a newcomer to type, on this machine, and compares the last line with
 * the one promised. Ports and data are the test's own, so that it can run beside a system that
 * somebody uses.
 */
const runnable = blocksOf(readFileSync(join(root, 'README.md'), 'utf8')).flatMap(
  ({ commands, promise }) =>
    promise.kind === 'expect' ? [{ command: commands.join('\n'), pattern: promise.pattern }] : [],
);

let runDir: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  runDir = mkdtempSync(join(tmpdir(), 'checkout-readme-'));
  chmodSync(runDir, 0o755); // PostgreSQL's user must get in.
  const [PORT, GATEWAY_PORT, KAFKA_PORT] = await freePorts(3);
  env = { ...process.env, RUN_DIR: runDir, PORT, GATEWAY_PORT, KAFKA_PORT };
});

afterAll(() => rmSync(runDir, { recursive: true, force: true }));

describe('the commands of the README', () => {
  test('there are some', () => expect(runnable.length).toBeGreaterThan(1));

  test.each(runnable)('$command', async ({ command, pattern }) => {
    const { lines, code } = await runCommand(command, pattern, env);
    expect(lines.at(-1), lines.join('\n')).toMatch(pattern);
    expect([0, null]).toContain(code);
    expect(survivors(), 'processes that outlived Ctrl-C').toEqual([]);
  });
});

function survivors(): number[] {
  const file = join(runDir, 'processes.json');
  if (!existsSync(file)) return [];
  const known = JSON.parse(readFileSync(file, 'utf8')) as { pid: number }[];
  return known.map(({ pid }) => pid).filter(lives);
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function freePorts(count: number): Promise<string[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => String((server.address() as AddressInfo).port));
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
