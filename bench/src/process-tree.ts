import { readdirSync, readFileSync } from 'node:fs';

/**
 * Memory and processor time of processes with all their children, from Linux's /proc. Memory is the
 * proportional set size: a page that several processes use is counted once, shared out among them,
 * so that a sum over processes is what the machine really holds.
 */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** User and system time since its start. */
  readonly cpuSeconds: number;
}

/** Linux reports processor time in hundredths of a second to every program. */
const TICKS_PER_SECOND = 100;

/** `123 (name with ) and blanks) S 1 … utime stime …` of /proc/<pid>/stat. */
export function parseStat(text: string): ProcessStat {
  const afterName = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [parent, utime, stime] = [1, 11, 12].map((at) => Number(afterName[at]));
  const pid = Number(text.slice(0, text.indexOf(' ')));
  if (parent === undefined || utime === undefined || stime === undefined || Number.isNaN(stime)) {
    throw new Error(`not a /proc stat line: ${text}`);
  }
  return { pid, parent, cpuSeconds: (utime + stime) / TICKS_PER_SECOND };
}

/** Bytes, from /proc/<pid>/smaps_rollup. */
export function parsePss(text: string): number {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(text)?.[1];
  if (kilobytes === undefined) throw new Error('no Pss line');
  return Number(kilobytes) * 1024;
}

/** The pid and all that descend from it, except what descends from a pid of `without`. */
export function descendants(
  all: readonly ProcessStat[],
  root: number,
  without: ReadonlySet<number> = new Set(),
): readonly ProcessStat[] {
  const found = all.filter(({ pid }) => pid === root);
  for (const parent of found) {
    found.push(...all.filter((one) => one.parent === parent.pid && !without.has(one.pid)));
  }
  return found;
}

/** Processor time from one look to the next, of those that are there at the second. */
export function cpuBetween(before: readonly ProcessStat[], after: readonly ProcessStat[]): number {
  const known = new Map(before.map(({ pid, cpuSeconds }) => [pid, cpuSeconds]));
  return after.reduce((sum, { pid, cpuSeconds }) => sum + cpuSeconds - (known.get(pid) ?? 0), 0);
}

export function readProcesses(): readonly ProcessStat[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      return [parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))];
    } catch {
      return []; // It ended meanwhile.
    }
  });
}

export function pssOf(processes: readonly ProcessStat[]): number {
  return processes
    .map(({ pid }) => parsePss(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')))
    .reduce((sum, bytes) => sum + bytes, 0);
}
