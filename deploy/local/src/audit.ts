/**
 * `npm run audit`: the verdict over a system that runs, or over one that is stopped.
 *
 * A running system is found by its folder and asked while it works; the judge waits until it is at
 * rest. Of a stopped one only what holds the evidence is started: PostgreSQL, the broker and the
 * gateway's books; and ended again. The judge is a process of its own, under a role that may read
 * everything and change nothing.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { addressesOf } from './addresses.ts';
import { buildServices } from './build.ts';
import { chosenRunDir, existingServers } from './chosen.ts';
import { childEnvironment, repository } from './environment.ts';
import { evidenceOf } from './evidence.ts';
import { readPorts, type Ports } from './ports.ts';
import { AlreadyRunning } from './run-folder.ts';
import { loadSecrets } from './secrets.ts';
import { startSystem, type System } from './system.ts';

const EVIDENCE = ['postgres', 'broker', 'gateway-simulator'];
const JUDGE = 'libs/proof/dist/main.js';
/** A backlog of some thousand orders is worked off in that time. */
const SETTLE_WITHIN_MS = 60_000;
const NO_VERDICT = 2;

const args = process.argv.slice(2);
const runDir = chosenRunDir();
const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const)
  process.once(signal, () => stopped.abort());

async function audit(): Promise<number> {
  if (!existsSync(join(runDir, 'secrets.json'))) {
    console.error(`${runDir} holds no system yet.  ->  npm start`);
    return NO_VERDICT;
  }
  let system: System | undefined;
  try {
    system = await startEvidence();
    if (system === undefined)
      await buildServices({ folder: { log: buildLog }, signal: stopped.signal });
    return await judge(system === undefined ? SETTLE_WITHIN_MS : 0);
  } catch (error) {
    console.error((error as Error).message);
    return NO_VERDICT;
  } finally {
    await system?.stop();
  }
}

/** Undefined when the system runs already. */
async function startEvidence(): Promise<System | undefined> {
  const servers = existingServers();
  const { signal } = stopped;
  try {
    return await startSystem({ only: EVIDENCE, runDir, servers, signal });
  } catch (error) {
    if (error instanceof AlreadyRunning) return undefined;
    throw error;
  }
}

function buildLog(name: string): string {
  return join(runDir, 'logs', `audit-${name}.log`);
}

function judge(settleWithinMs: number): Promise<number> {
  const child = spawn(process.execPath, [JUDGE, ...args], {
    cwd: repository,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: childEnvironment(environment(readPorts(join(runDir, 'ports.json')), settleWithinMs)),
  });
  stopped.signal.addEventListener('abort', () => child.kill('SIGTERM'));
  return new Promise((done) => {
    child.once('error', (error) => {
      console.error(error.message);
      done(NO_VERDICT);
    });
    child.once('exit', (code) => done(code ?? NO_VERDICT));
  });
}

function environment(ports: Ports, settleWithinMs: number): Record<string, string> {
  const secrets = loadSecrets(join(runDir, 'secrets.json'));
  const addresses = addressesOf(ports, secrets, existingServers());
  return {
    ...evidenceOf({ addresses, ports, secrets, runDir }),
    SETTLE_WITHIN_MS: String(settleWithinMs),
  };
}

process.exit(await audit());
