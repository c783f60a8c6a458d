/**
 * Ends what a killed runner left behind.
 *
 * The danger: the runner is killed with -9, its children live on, and a second start would put two
 * brokers on one data folder. So a start first ends every process that the last runner of this
 * folder started: those it recorded that are still the same process (number and start time), and,
 * where the system shows environments (Linux), those that carry the folder's mark, should the
 * record be lost or a moment old. They are asked politely, and then not asked.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isAlive, signalGroup, type ProcessIdentity } from './process-identity.ts';
import type { RunFolder } from './run-folder.ts';

/** In the environment of every process that a runner starts: the run folder it belongs to. */
export const RUN_DIR_MARK = 'CHECKOUT_RUN_DIR';
/**
 * PostgreSQL and the broker close their files in about a second; after this they recover at their
 * next start.
 */
const POLITE_MS = 3_000;

/** Call it while holding the folder's lock: then whatever is found belongs to no living runner. */
export async function endLeftovers(folder: RunFolder): Promise<string[]> {
  const recorded = folder.processes().filter(isAlive);
  const unrecorded = marked(folder.path).filter(({ pid }) => recorded.every((r) => r.pid !== pid));
  const found = [...recorded, ...unrecorded];
  for (const { pid } of found) signalGroup(pid, 'SIGTERM');
  const deadline = performance.now() + POLITE_MS;
  while (found.some(isAlive) && performance.now() < deadline) await sleep(50);
  for (const { pid } of found.filter(isAlive)) signalGroup(pid, 'SIGKILL');
  while (found.some(isAlive)) await sleep(20);
  return found.map(({ name }) => name);
}

/**
 * Leaders of a process group alone: their children (PostgreSQL has many) inherit the mark and end
 * with them.
 */
function marked(runDir: string): (ProcessIdentity & { name: string })[] {
  if (process.platform !== 'linux') return [];
  const mark = `${RUN_DIR_MARK}=${runDir}`;
  return readdirSync('/proc').flatMap((entry) => {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || !leadsGroupWith(pid, mark)) return [];
    const identity = identify(pid);
    return identity ? [{ ...identity, name: `process ${pid}` }] : [];
  });
}

function leadsGroupWith(pid: number, mark: string): boolean {
  try {
    if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark)) return false;
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').pop()?.trim().split(' ');
    return afterName?.[2] === String(pid);
  } catch {
    return false;
  }
}
