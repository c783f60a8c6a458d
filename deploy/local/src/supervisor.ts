/**
 * Keeps the processes of one system alive, and ends them all.
 *
 * Guarantee: a process that dies is started again, whatever killed it, until the supervisor is told
 * to stop; when it stops, none is left. Each process leads a group of its own, so that Ctrl-C in a
 * terminal reaches the runner alone and the order of ending is the runner's.
 */
import { RUN_DIR_MARK } from './leftovers.ts';
import { identify } from './process-identity.ts';
import type { RunFolder } from './run-folder.ts';
import { StartFailed, Supervised, type ProcessSpec } from './supervised.ts';

export interface ProcessView {
  readonly name: string;
  readonly pid: number;
  readonly port: number | null;
  readonly restarts: number;
}

export class Supervisor {
  readonly #folder: RunFolder;
  readonly #report: (line: string) => void;
  readonly #running = new Map<string, Supervised>();
  #stopping = false;
  readonly #killAll = (): void => this.#running.forEach((one) => one.killNow());

  constructor(folder: RunFolder, report: (line: string) => void) {
    this.#folder = folder;
    this.#report = report;
    // A test runner that leaves without stopping its system must not leave the system behind.
    process.once('exit', this.#killAll);
  }

  async start(spec: ProcessSpec): Promise<void> {
    if (this.#stopping)
      throw new StartFailed(`${spec.name} is not started: everything is being ended`);
    const env = { ...spec.env, [RUN_DIR_MARK]: this.#folder.path };
    const one = new Supervised(
      { ...spec, env },
      {
        log: this.#folder.log(spec.name),
        report: this.#report,
        changed: () => this.#record(),
      },
    );
    this.#running.set(spec.name, one);
    await one.start();
  }

  processes(): readonly ProcessView[] {
    return [...this.#running.values()].flatMap((one) =>
      one.pid === undefined
        ? []
        : [{ name: one.name, pid: one.pid, port: one.port, restarts: one.restarts }],
    );
  }

  has(name: string): boolean {
    return this.#running.has(name);
  }

  kill(name: string, signal: NodeJS.Signals): number {
    return this.#named(name).kill(signal);
  }

  async ready(name: string): Promise<void> {
    await this.#named(name).whenReady();
  }

  /**
   * Row after row, the members of a row side by side, then whatever is left. Nothing is started any
   * more.
   */
  async stop(rows: readonly (readonly string[])[]): Promise<void> {
    this.#stopping = true;
    for (const row of [...rows, [...this.#running.keys()]]) {
      const found = row.flatMap((name) => this.#running.get(name) ?? []);
      await Promise.all(found.map((one) => one.stop()));
    }
    process.off('exit', this.#killAll);
  }

  #named(name: string): Supervised {
    const one = this.#running.get(name);
    if (one) return one;
    throw new Error(
      `no process is named ${name}; there are: ${[...this.#running.keys()].join(', ')}`,
    );
  }

  #record(): void {
    this.#folder.recordProcesses(
      this.processes().map((one) => ({ ...one, started: identify(one.pid)?.started ?? '' })),
    );
  }
}
