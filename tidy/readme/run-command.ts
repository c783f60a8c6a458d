import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { root } from '../workspace.js';

const ENDS_WITHIN_MS = 60_000;

/** What a reader sees who types a command: its lines up to the promised one, or all. */
export interface Started {
  readonly lines: readonly string[];
  /** With its code and the signal that ended it. */
  readonly exited: Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  /** By Ctrl-C, if it still runs. */
  end(): Promise<void>;
}

/** Comes back with the promised line, or with the end of the command. */
export async function startCommand(
  command: string,
  pattern: RegExp,
  env: NodeJS.ProcessEnv,
): Promise<Started> {
  const child = spawn('sh', ['-c', command], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, as in a terminal: Ctrl-C reaches all of it.
    detached: true,
  });
  const exited = once(child, 'exit') as Started['exited'];
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (pattern.test(line)) break;
  }
  child.stdout.resume();
  return { lines, exited, end: () => pressControlC(child, exited) };
}

async function pressControlC(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const group = -(child.pid ?? Number.NaN);
  process.kill(group, 'SIGINT');
  const late = setTimeout(() => process.kill(group, 'SIGKILL'), ENDS_WITHIN_MS);
  await exited;
  clearTimeout(late);
}
