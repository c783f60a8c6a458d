import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Ports and data of a test's own, so that it can run beside a system that somebody uses. */
export interface OwnPlace {
  readonly env: NodeJS.ProcessEnv;
  /** Where a page names the usual folder, this one. */
  command(onThePage: string): string;
  /** Process ids of the system's parts that still live. */
  survivors(): number[];
  leave(): void;
}

export async function ownPlace(): Promise<OwnPlace> {
  const runDir = mkdtempSync(join(tmpdir(), 'checkout-readme-'));
  chmodSync(runDir, 0o755); // PostgreSQL's user must get in.
  const [PORT, GATEWAY_PORT, KAFKA_PORT] = await freePorts(3);
  return {
    env: { ...process.env, RUN_DIR: runDir, PORT, GATEWAY_PORT, KAFKA_PORT },
    command: (onThePage) => onThePage.replaceAll('./.run/', `${runDir}/`),
    survivors: () => survivorsOf(join(runDir, 'processes.json')),
    leave: () => rmSync(runDir, { recursive: true, force: true }),
  };
}

function survivorsOf(file: string): number[] {
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
