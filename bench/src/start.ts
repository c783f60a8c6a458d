import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type CleanClone, cleanClone } from './clean-clone.js';
import { circumstances } from './machine.js';
import { npmStart, type Started } from './npm-start.js';
import { cpuBetween, descendants, type ProcessStat, pssOf, readProcesses } from './process-tree.js';
import { median } from './statistics.js';
import { megabytes, percent, seconds, table } from './table.js';

/** How long a person waits, and what the system costs while nobody buys anything. */
export interface StartOptions {
  readonly runs: number;
}

/** What is left to do after the start (compilers, caches) is not the idle system. */
const SETTLE_MS = 60_000;
const IDLE_MS = 30_000;

export async function start({ runs }: StartOptions): Promise<void> {
  const clone = cleanClone();
  try {
    const runDir = join(clone.folder, '.run');
    console.error('from a clean clone: npm ci, build, start');
    const clean = await once(clone, runDir);
    const cold: number[] = [];
    const second: number[] = [];
    let idle = '';
    for (let run = 1; run <= runs; run++) {
      clone.clean();
      rmSync(runDir, { recursive: true, force: true });
      cold.push(await once(clone, runDir));
      second.push(
        await once(clone, runDir, async (started) => {
          if (run === runs) idle = await idleTable(started, runDir);
        }),
      );
      console.error(
        `run ${run}: cold ${seconds(cold.at(-1) ?? 0)}, second ${seconds(second.at(-1) ?? 0)}`,
      );
    }
    console.log(report({ clean, cold, second, idle }));
  } finally {
    clone.remove();
  }
}

async function once(
  clone: CleanClone,
  runDir: string,
  look?: (started: Started) => Promise<void>,
): Promise<number> {
  const started = await npmStart(clone.folder, runDir);
  try {
    await look?.(started);
  } finally {
    await started.stop();
  }
  return started.seconds;
}

interface Measured {
  readonly clean: number;
  readonly cold: readonly number[];
  readonly second: readonly number[];
  readonly idle: string;
}

function report({ clean, cold, second, idle }: Measured): string {
  const row = (title: string, values: readonly number[]): string[] => [
    title,
    seconds(median(values)),
    values.map(seconds).join(', '),
  ];
  return [
    circumstances(),
    '',
    table(
      ['npm start, until the address is printed', 'median', 'each run'],
      [
        row('clean clone, packages cached, npm ci included', [clean]),
        row('after npm ci, with the build to do', cold),
        row('second start', second),
      ],
    ),
    '',
    idle,
  ].join('\n');
}

/** Memory and processor time by process, over a while in which nothing is asked of the system. */
async function idleTable(started: Started, runDir: string): Promise<string> {
  if (process.platform !== 'linux') return 'memory and processor time by process need Linux';
  await pause(SETTLE_MS);
  const before = byName(started, runDir);
  const from = performance.now();
  await pause(IDLE_MS);
  const after = byName(started, runDir);
  const elapsed = (performance.now() - from) / 1_000;
  const rows = [...after].map(([name, processes]) => ({
    name,
    pss: pssOf(processes),
    cpu: cpuBetween(before.get(name) ?? [], processes) / elapsed,
  }));
  const sum = {
    name: 'sum',
    pss: rows.reduce((all, { pss }) => all + pss, 0),
    cpu: rows.reduce((all, { cpu }) => all + cpu, 0),
  };
  return table(
    [`idle for ${IDLE_MS / 1_000} s`, 'memory (PSS)', 'of one core'],
    [...rows, sum].map(({ name, pss, cpu }) => [name, megabytes(pss), percent(cpu)]),
  );
}

type Named = ReadonlyMap<string, readonly ProcessStat[]>;

function byName(started: Started, runDir: string): Named {
  const text = readFileSync(join(runDir, 'processes.json'), 'utf8');
  const named = JSON.parse(text) as { name: string; pid: number }[];
  const all = readProcesses();
  const pids = new Set(named.map(({ pid }) => pid));
  const trees = named.map(({ name, pid }) => [name, descendants(all, pid)] as const);
  return new Map([...trees, ['runner', descendants(all, started.pid, pids)] as const]);
}
