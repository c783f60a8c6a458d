import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { root } from '../workspace.js';

const ENDS_WITHIN_MS = 60_000;

/** A command that a reader has typed, in a terminal of its own. */
export interface Typed {
  /** What the reader has seen so far. */
  readonly lines: readonly string[];
  /** The first line that is as promised, or the last of all. */
  says(promised: RegExp): Promise<string>;
  /** With its code and the signal that ended it. */
  readonly exited: Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  /** By Ctrl-C, if it still runs. */
  end(): Promise<void>;
}

export function typed(command: string, env: NodeJS.ProcessEnv): Typed {
  const child = spawn('sh', ['-c', command], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, as in a terminal: Ctrl-C reaches all of it.
    detached: true,
  });
  const exited = once(child, 'exit') as Typed['exited'];
  const lines: string[] = [];
  const reading = createInterface(child.stdout);
  let closed = false;
  reading.on('line', (line) => lines.push(line));
  reading.once('close', () => (closed = true));
  return {
    lines,
    exited,
    says: (promised) =>
      new Promise((done) => {
        const look = (): void => {
          const found = lines.find((line) => promised.test(line));
          if (found !== undefined || closed) done(found ?? lines.at(-1) ?? '');
        };
        look();
        reading.on('line', look);
        reading.once('close', look);
      }),
    end: () => pressControlC(child, exited),
  };
}

async function pressControlC(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const group = -(child.pid ?? Number.NaN);
  process.kill(group, 'SIGINT');
  const late = setTimeout(() => process.kill(group, 'SIGKILL'), ENDS_WITHIN_MS);
  await exited;
  clearTimeout(late);
}
