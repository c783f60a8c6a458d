/** The command that a person types, in a copy in which nothing could be installed or started. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { localFolder, repository, wholeEnvironment } from '../environment.ts';
import { reservePorts } from '../ports.ts';
import { temporaryFolder } from './folders.ts';

export interface Outcome {
  readonly code: number | null;
  readonly said: string;
  readonly seconds: number;
}

/** Programs that are plain JavaScript, as they lie before anything is installed. */
export function copyOfDoor(root: string): string {
  const folder = join(root, 'deploy', 'local');
  mkdirSync(folder, { recursive: true });
  const plain = readdirSync(localFolder).filter((name) => /\.mjs$|^servers$/.test(name));
  for (const name of plain)
    cpSync(join(localFolder, name), join(folder, name), { recursive: true });
  return join(folder, 'bootstrap.mjs');
}

/** With `packages`, of which PostgreSQL's client is one that is there already. */
export async function command(
  args: readonly string[],
  env: Record<string, string> = {},
  packages: readonly string[] = [],
): Promise<Outcome> {
  const root = temporaryFolder();
  const door = copyOfDoor(root);
  mkdirSync(join(root, 'node_modules'));
  for (const name of packages)
    symlinkSync(join(repository, 'node_modules', name), join(root, 'node_modules', name));
  const from = performance.now();
  const child = spawn(process.execPath, [door, ...args], {
    cwd: root,
    env: wholeEnvironment({ ...(await freePorts()), RUN_DIR: '', ...env }),
  });
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  child.stderr.on('data', (text) => (said += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said, seconds: (performance.now() - from) / 1000 };
}

/** So that whatever else runs on this machine has no say in these tests. */
export async function freePorts(): Promise<Record<string, string>> {
  const variables = ['PORT', 'GATEWAY_PORT', 'KAFKA_PORT'];
  const file = join(temporaryFolder(), 'ports.json');
  const { ports, release } = await reservePorts(file, variables);
  onTestFinished(release);
  return Object.fromEntries(variables.map((name) => [name, String(ports[name])]));
}

/** Somebody who takes connections and says nothing. */
export async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}
