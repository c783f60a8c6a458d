import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const started: ChildProcess[] = [];

/** Starts worker.ts as a process of its own, with another copy of kafkajs if one is named. */
export function startWorker(options: object, other?: { kafkajs: string }): ChildProcess {
  const hooks = ['run-typescript.mjs', ...(other ? ['use-kafkajs.mjs'] : [])].map(path);
  const worker = fork(path('worker.ts'), [JSON.stringify(options)], {
    execArgv: [
      ...hooks.flatMap((hook) => ['--import', hook]),
      '--disable-warning=ExperimentalWarning',
    ],
    env: { ...process.env, ...(other && { KAFKAJS: other.kafkajs }) },
    stdio: ['ignore', 'inherit', other ? 'pipe' : 'inherit', 'ipc'],
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
