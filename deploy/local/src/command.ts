import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { childEnvironment, repository } from './environment.ts';
import { signalGroup } from './process-identity.ts';

const LOWEST = constants.priority.PRIORITY_LOW;

class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

interface Options {
  /** Everything it says goes here. */
  readonly log: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Aborted: the command is killed with all that it started. */
  readonly signal?: AbortSignal;
  /** Runs at the lowest priority. */
  readonly background?: boolean;
}

/** Runs a program that comes to an end by itself; rejects unless it ends with 0. */
export async function run(
  program: string,
  args: readonly string[],
  options: Options,
): Promise<void> {
  const log = createWriteStream(options.log, { flags: 'a' });
  const child = spawn(program, args, {
    cwd: repository,
    env: childEnvironment(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    ...options.user,
  });
  if (options.background && child.pid !== undefined) setPriority(child.pid, LOWEST);
  const end = (): void => void (child.pid !== undefined && signalGroup(child.pid, 'SIGKILL'));
  options.signal?.addEventListener('abort', end);
  process.once('exit', end);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const code = await new Promise<number | string | null>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (exitCode, signal) => resolve(exitCode ?? signal));
  });
  process.off('exit', end);
  options.signal?.removeEventListener('abort', end);
  await new Promise<void>((resolve) => log.end(resolve));
  if (code !== 0) throw new CommandFailed(`\`${program} ${args.join(' ')}\` ended with ${code}`);
}
