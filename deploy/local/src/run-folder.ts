/**
 * `.run`: everything that one running system leaves on the disk, and the lock that keeps a second
 * runner out.
 *
 *   processes.json   who runs now: name, pid, port, restarts, and when it was started
 *   ports.json       which port is whose, the same at every start
 *   secrets.json     passwords and signing keys, 0600
 *   logs/<name>.log  one per process; the one before is <name>.previous.log
 *   data/            PostgreSQL's and the broker's files, and what wrote them (data-format.ts)
 *   record/          what each service has read, with RECORD=1
 *   history*.ndjson  what clients of a load were told; reads.ndjson, what they saw
 *   audit/           the last verdict, and what the judge compares the ledger with
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { takeLock } from './lock.ts';

export interface RecordedProcess {
  readonly name: string;
  readonly pid: number;
  readonly port: number | null;
  readonly restarts: number;
  readonly started: string;
}

export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning';
  readonly folder: string;
  readonly pid: number;
  constructor(folder: string, pid: number, url: string | undefined) {
    const what = url === undefined ? '' : ` and serves ${url}`;
    super(
      `${folder} is in use by a runner that is alive: process ${pid} holds it${what}.\n` +
        `  Next: end that one by Ctrl-C in its terminal or by \`kill ${pid}\``,
    );
    this.folder = folder;
    this.pid = pid;
  }
}

export class RunFolder {
  readonly path: string;
  readonly #release: () => void;

  /** Throws AlreadyRunning when another runner that is alive holds the folder. */
  constructor(path: string) {
    this.path = resolve(path);
    mkdirSync(join(this.path, 'logs'), { recursive: true });
    mkdirSync(join(this.path, 'config'), { recursive: true });
    const taken = takeLock(this.file('runner.lock'));
    if ('holder' in taken) {
      throw new AlreadyRunning(this.path, taken.holder.pid, this.#servedUrl());
    }
    this.#release = taken.release;
  }

  file(...names: string[]): string {
    return join(this.path, ...names);
  }

  log(name: string): string {
    return this.file('logs', `${name}.log`);
  }

  /** Keeps one log of the time before, so that a start's log begins with that start. */
  rotateLog(name: string): void {
    const log = this.log(name);
    if (existsSync(log)) renameSync(log, this.file('logs', `${name}.previous.log`));
  }

  processes(): readonly RecordedProcess[] {
    const file = this.file('processes.json');
    if (!existsSync(file)) return [];
    return JSON.parse(readFileSync(file, 'utf8')) as RecordedProcess[];
  }

  /**
   * Renamed into place: a reader, or a runner that is killed meanwhile, never leaves half a file.
   */
  recordProcesses(processes: readonly RecordedProcess[]): void {
    const file = this.file('processes.json');
    writeFileSync(`${file}.new`, `${JSON.stringify(processes, null, 2)}\n`);
    renameSync(`${file}.new`, file);
  }

  forgetEverything(): void {
    for (const name of ['data', 'logs', 'config', 'record', 'audit'])
      rmSync(this.file(name), { recursive: true, force: true });
    for (const name of ['secrets.json', 'ports.json', 'processes.json', ...this.#histories()]) {
      rmSync(this.file(name), { force: true });
    }
    mkdirSync(this.file('logs'));
    mkdirSync(this.file('config'));
  }

  /** Undefined while no shop is open. */
  #servedUrl(): string | undefined {
    const port = this.processes().find(({ name }) => name === 'console')?.port;
    return port ? `http://localhost:${port}` : undefined;
  }

  /** Told of data that is gone now. */
  #histories(): string[] {
    return readdirSync(this.path).filter((name) =>
      /^(history|reads|planted).*\.ndjson$/.test(name),
    );
  }

  release(): void {
    this.#release();
  }
}
