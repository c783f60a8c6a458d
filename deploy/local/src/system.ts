/**
 * A whole system, or a part of one, as one value.
 *
 * Guarantee: a part starts when all that it needs is ready, side by side with what it does not
 * need; readiness is asked of the part itself, nothing waits for a length of time. When a part
 * fails, everything is ended and the failure names the part, its log and what to do next. stop()
 * leaves no process behind.
 */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { enrichmentIn } from '../enrichments.mjs';
import { addressesOf, type ExistingServers } from './addresses.ts';
import { makeMissingArchives } from './class-archive.ts';
import { refuseOtherData } from './data-format.ts';
import { urlOf, type Database } from './databases.ts';
import { jars } from './jars.ts';
import { endLeftovers } from './leftovers.ts';
import { lastLines } from './log-tail.ts';
import type { EnvironmentOf, Part, Surroundings } from './part.ts';
import { reservePorts, type Ports, type Reserved } from './ports.ts';
import { forgetData } from './postgres-place.ts';
import { RunFolder } from './run-folder.ts';
import { loadSecrets } from './secrets.ts';
import { Supervisor, type ProcessView } from './supervisor.ts';
import { portNames, topology } from './topology.ts';

export interface SystemOptions {
  /** Names of parts to start, with all that they need; without it, everything. */
  readonly only?: readonly string[];
  readonly runDir: string;
  /** Added to the environment of every service. */
  readonly env?: Readonly<Record<string, string>>;
  /** Has the last word on the environment of each service. */
  readonly envOf?: EnvironmentOf;
  /** Forgets all data first. */
  readonly fresh?: boolean;
  /** For trying another Kafka ({@link brokerJarsOf}); without it, the pinned one. */
  readonly brokerJars?: string;
  readonly report?: (line: string) => void;
  /** Ports that somebody chose, by name; all others are drawn free. */
  readonly ports?: Ports;
  /** Servers that exist already and are used instead of own ones. */
  readonly servers?: ExistingServers;
  /** Aborted: the start is given up and everything ended. */
  readonly signal?: AbortSignal;
}

export interface System {
  readonly url: string;
  readonly runDir: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly brokers: readonly string[];
  readonly gatewayUrl: string;
  databaseUrl(database: Database): string;
  processes(): readonly ProcessView[];
  /** Hits one process, which is then started again. Returns the process id that was hit. */
  kill(name: string, signal?: NodeJS.Signals): number;
  /** Waits until the part, or every part, is ready (again). */
  ready(name?: string): Promise<void>;
  stop(): Promise<void>;
}

/** Ended one after the other, the members of a row side by side. */
const STOP_ORDER = [
  ['console', 'order', 'payment', 'enrichment', 'ledger', 'gateway-simulator'],
  ['connect'],
  ['broker', 'postgres'],
];

export class PartFailed extends Error {
  override readonly name = 'PartFailed';
  readonly part: string;
  constructor(part: string, cause: Error, log: string) {
    // Its own: what an earlier start had written was put aside (startPart).
    const lines = lastLines(log, 15).map((line) => `    ${line}`);
    const where = existsSync(log) ? `The whole log: ${log}` : `Logs: ${dirname(log)}`;
    super([`${part} failed: ${cause.message}`, ...lines, `  ${where}`].join('\n'), { cause });
    this.part = part;
  }
}

export async function startSystem(options: SystemOptions): Promise<System> {
  const { env = {}, envOf = (_, own) => Promise.resolve(own), brokerJars = jars.broker } = options;
  const enrichment = enrichmentIn(env);
  const folder = new RunFolder(options.runDir);
  const report = options.report ?? (() => undefined);
  const supervisor = new Supervisor(folder, report);
  const aborted = new AbortController();
  let reserved: Reserved | undefined;
  const stop = onlyOnce(async () => {
    aborted.abort();
    await supervisor.stop(STOP_ORDER);
    reserved?.release();
    folder.release();
  });
  options.signal?.addEventListener('abort', () => void stop());
  try {
    await clearTheWay(folder, options, report);
    reserved = await reservePorts(folder.file('ports.json'), portNames, options.ports);
    const { ports } = reserved;
    const secrets = loadSecrets(folder.file('secrets.json'));
    const addresses = addressesOf(ports, secrets, options.servers ?? {});
    const { signal } = aborted;
    const common = { folder, report, supervisor, ports, secrets, addresses, signal };
    const around = { ...common, env, envOf, enrichment, brokerJars };
    const parts = select(topology(around), options.only);
    refuseOtherData(folder, parts.some(({ name }) => name === 'topics') ? enrichment : undefined);
    await startAll(parts, around);
    void makeMissingArchives(around);
    return asSystem(parts, around, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function clearTheWay(
  folder: RunFolder,
  options: SystemOptions,
  report: (line: string) => void,
): Promise<void> {
  const ended = await endLeftovers(folder);
  if (ended.length > 0) report(`ended what a killed runner had left: ${ended.join(', ')}`);
  if (!options.fresh) return;
  forgetData(folder);
  folder.forgetEverything();
}

/** The parts that were asked for and all that they need, in the topology's order. */
function select(parts: readonly Part[], only: readonly string[] | undefined): readonly Part[] {
  if (only === undefined) return parts;
  const wanted = new Set<string>();
  const want = (name: string): void => {
    const part = parts.find((one) => one.name === name);
    if (!part)
      throw new Error(
        `no part is named ${name}; there are: ${parts.map((p) => p.name).join(', ')}`,
      );
    wanted.add(name);
    part.needs.forEach(want);
  };
  only.forEach(want);
  return parts.filter(({ name }) => wanted.has(name));
}

/**
 * Each part as soon as what it needs is ready. The first failure ends it; the others are ended by
 * stop().
 */
async function startAll(parts: readonly Part[], around: Surroundings): Promise<void> {
  const ready = new Map<string, Promise<void>>();
  for (const part of parts) {
    const needs = part.needs.map((name) => ready.get(name) ?? Promise.resolve());
    const started = Promise.all(needs).then(() => startPart(part, around));
    started.catch(() => undefined);
    ready.set(part.name, started);
  }
  const aborted = once(around.signal, 'abort').then(() => around.signal.throwIfAborted());
  await Promise.race([Promise.all(ready.values()), aborted]);
}

async function startPart(part: Part, { folder, report, signal }: Surroundings): Promise<void> {
  signal.throwIfAborted();
  const from = performance.now();
  folder.rotateLog(part.name);
  report(`${part.name.padEnd(18)} starting`);
  try {
    const remark = (await part.start()) ?? '';
    const seconds = ((performance.now() - from) / 1000).toFixed(1);
    report(`${part.name.padEnd(18)} ready ${seconds.padStart(6)} s  ${remark}`.trimEnd());
  } catch (error) {
    throw new PartFailed(part.name, error as Error, folder.log(part.name));
  }
}

function asSystem(parts: readonly Part[], around: Surroundings, stop: () => Promise<void>): System {
  const { folder, ports, addresses, supervisor } = around;
  const readyPart = async (part: Part): Promise<void> => {
    if (supervisor.has(part.name)) await supervisor.ready(part.name);
    await part.proveReady?.();
  };
  return {
    url: `http://localhost:${ports['console']}`,
    runDir: folder.path,
    ports,
    brokers: addresses.brokers.split(','),
    gatewayUrl: `http://127.0.0.1:${ports['gateway-simulator']}`,
    databaseUrl: (database) => urlOf(addresses.databaseUrl, database),
    processes: () => supervisor.processes(),
    kill: (name, signal = 'SIGKILL') => supervisor.kill(name, signal),
    ready: async (name) => {
      const asked = parts.filter((part) => name === undefined || part.name === name);
      if (asked.length === 0) throw new Error(`${name} is no part of this system`);
      for (const part of asked) await readyPart(part);
    },
    stop,
  };
}

function onlyOnce(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}
