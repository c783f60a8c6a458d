/**
 * Ports: drawn free once, kept in ports.json, so that a restart finds the same addresses.
 *
 * Guarantee: two runners on one machine never draw the same port, and a drawn port stays the
 * runner's own while a part of it is down (killed, restarting), when nothing listens there. A lock
 * file per port says so to other runners. Not promised: a program that is no runner may take a port
 * between the draw and its use; the part then fails to start and says which port. Drawn ports lie
 * below the range from which systems take ports for outgoing connections.
 */
import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { takeLock } from './lock.ts';

/** Linux takes 32768 and up for outgoing connections, macOS and Windows 49152 and up. */
const LOWEST = 20_000;
const HIGHEST = 32_000;
const DRAWS = 200;

export type Ports = Record<string, number>;

/** What was drawn or chosen before; empty when nothing was. */
export function readPorts(file: string): Ports {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Ports) : {};
}

export interface Reserved {
  readonly ports: Ports;
  release(): void;
}

/** `fixed` ports are taken as they are: somebody chose them and knows them. */
export async function reservePorts(
  file: string,
  names: readonly string[],
  fixed: Ports = {},
): Promise<Reserved> {
  const kept = readPorts(file);
  const ports: Ports = {};
  const releases: (() => void)[] = [];
  for (const name of names) {
    const chosen = fixed[name];
    if (chosen !== undefined) {
      ports[name] = chosen;
      continue;
    }
    const drawn = (await reserve(kept[name])) ?? (await drawFree());
    ports[name] = drawn.port;
    releases.push(drawn.release);
  }
  writeFileSync(file, `${JSON.stringify({ ...kept, ...ports }, null, 2)}\n`);
  return { ports, release: () => releases.forEach((release) => release()) };
}

async function drawFree(): Promise<{ port: number; release(): void }> {
  for (let draw = 0; draw < DRAWS; draw++) {
    const reserved = await reserve(randomInt(LOWEST, HIGHEST));
    if (reserved) return reserved;
  }
  throw new Error(`no free port found between ${LOWEST} and ${HIGHEST} in ${DRAWS} draws`);
}

async function reserve(
  port: number | undefined,
): Promise<{ port: number; release(): void } | undefined> {
  if (port === undefined) return undefined;
  const lock = takeLock(join(tmpdir(), `checkout-ports-${userInfo().username}`, `${port}`));
  if ('holder' in lock) return undefined;
  if (await isFree(port)) return { port, release: lock.release };
  lock.release();
  return undefined;
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
