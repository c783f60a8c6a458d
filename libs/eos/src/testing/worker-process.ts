import type { KafkajsCopy } from '@checkout/local';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const started: ChildProcess[] = [];

/** Of Node, and the path of worker.ts and its options. */
export function workerProgram(options: object) {
  return {
    flags: [...['--import', path('run-typescript.mjs')], '--disable-warning=ExperimentalWarning'],
    args: [path('worker.ts'), JSON.stringify(options)],
  };
}

interface Other {
  /** Another copy of it. */
  readonly kafkajs?: KafkajsCopy;
  readonly guardsOff?: readonly string[];
}

/** Starts worker.ts as a process of its own. */
export function startWorker(
  options: object,
  { kafkajs, guardsOff = [] }: Other = {},
): ChildProcess {
  const { flags, args } = workerProgram(options);
  const [program = '', ...more] = args;
  const worker = fork(program, more, {
    execArgv: [...flags, ...(kafkajs?.flags ?? [])],
    env: { ...process.env, GUARDS_OFF: guardsOff.join() },
    stdio: ['ignore', 'inherit', kafkajs ? 'pipe' : 'inherit', 'ipc'],
  });
  started.push(worker);
  return worker;
}

/** When it has said this. */
export async function told(worker: ChildProcess, what: 'loaded' | 'held'): Promise<void> {
  for (;;) {
    const [said] = (await once(worker, 'message')) as [unknown];
    if (said === what) return;
  }
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
