/**
 * Which process is meant, beyond doubt.
 *
 * A process id alone is no identity: the number is given to another process later, and a runner
 * that trusts a number from yesterday's file would one day kill somebody's editor. Number and start
 * time together name one process.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  /** When the kernel started it, in the kernel's own notation; empty where that cannot be read. */
  readonly started: string;
}

export function identify(pid: number): ProcessIdentity | undefined {
  const started = startOf(pid);
  return started === undefined ? undefined : { pid, started };
}

export function self(): ProcessIdentity {
  return { pid: process.pid, started: startOf(process.pid) ?? '' };
}

export function isAlive(known: ProcessIdentity): boolean {
  const started = startOf(known.pid);
  return started !== undefined && started === known.started;
}

/** Sends a signal to a process and to everything that it started (it leads a group of its own). */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    if (process.platform === 'win32') process.kill(pid, signal);
    else process.kill(-pid, signal);
  } catch {
    // Gone already: that is what the signal was for.
  }
}

function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') return linuxStart(pid);
  if (process.platform === 'win32') return windowsStart(pid);
  try {
    const answer = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
    }).trim();
    return answer === '' || answer.startsWith('Z') ? undefined : answer.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}

/**
 * `/proc/<pid>/stat`: the name may hold spaces and brackets, so fields count from the last bracket.
 */
function linuxStart(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').pop()?.trim().split(' ');
    const [state, ticksSinceBoot] = [fields?.[0], fields?.[19]];
    return state === 'Z' ? undefined : ticksSinceBoot;
  } catch {
    return undefined;
  }
}

function windowsStart(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
    return '';
  } catch {
    return undefined;
  }
}
