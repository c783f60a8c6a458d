import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const started: ChildProcess[] = [];

/** Starts worker.ts as a process of its own. */
export function startWorker(options: object): ChildProcess {
  const worker = fork(path('worker.ts'), [JSON.stringify(options)], {
    execArgv: ['--import', path('run-typescript.mjs'), '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  started.push(worker);
  return worker;
}

export async function killed(worker: ChildProcess): Promise<void> {
  worker.kill('SIGKILL');
  await ended(worker);
}

/** Whatever a failed test has left. */
export async function killWorkers(): Promise<void> {
  await Promise.all(started.splice(0).map(killed));
}

export async function ended(worker: ChildProcess): Promise<void> {
  if (worker.exitCode === null && worker.signalCode === null) await once(worker, 'exit');
}
