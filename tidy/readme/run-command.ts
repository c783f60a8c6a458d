import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { root } from '../workspace.js';

/**
 * What a reader sees who types a command: its lines up to the promised one, or all, and how it
 * ended.
 */
export interface Seen {
  readonly lines: readonly string[];
  /** Null when the promised line came while it still ran, and it was ended by Ctrl-C. */
  readonly code: number | null;
}

const ENDS_WITHIN_MS = 60_000;

export async function runCommand(
  command: string,
  pattern: RegExp,
  env: NodeJS.ProcessEnv,
): Promise<Seen> {
  const { lines, exited, end } = await startCommand(command, pattern, env);
  const early = await Promise.race([exited, new Promise<null>((r) => setTimeout(r, 500, null))]);
  if (early) return { lines, code: early[0] };
  await end();
  return { lines, code: null };
}

export interface Started {
  readonly lines: readonly string[];
  readonly exited: Promise<[number | null]>;
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
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (pattern.test(line)) break;
  }
  child.stdout.resume();
  return { lines, exited, end: () => pressControlC(child, exited) };
}

async function pressControlC(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  const group = -(child.pid ?? Number.NaN);
  process.kill(group, 'SIGINT');
  const late = setTimeout(() => process.kill(group, 'SIGKILL'), ENDS_WITHIN_MS);
  await exited;
  clearTimeout(late);
}
