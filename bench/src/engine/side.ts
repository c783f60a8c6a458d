import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseStat } from '../process-tree.js';
import type { Topics } from './bench-client.js';

export type Command = readonly [program: string, ...args: string[]];

const READY_WITHIN_MS = 60_000;
const ENDS_WITHIN_MS = 10_000;
const RESTORED = /, after (\d+) ms$/;

/** One of those that are compared: a process that is started, held, killed and looked at. */
export class Side {
  readonly name: string;
  readonly topics: Topics;
  readonly #command: Command;
  #process: ChildProcess | null = null;
  #said: string[] = [];

  constructor(name: string, topics: Topics, command: Command) {
    this.name = name;
    this.topics = topics;
    this.#command = command;
  }

  /** Resolves when it says that it works. */
  async start(): Promise<void> {
    const [program, ...args] = this.#command;
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#process = child;
    this.#said = [];
    const lines = createInterface(child.stdout);
    lines.on('line', (line) => this.#said.push(line));
    const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
    lines.on('line', (line) => line === 'ready' && resolve());
    child.once('exit', () => reject(new Error('it has ended')));
    child.once('error', reject);
    const late = setTimeout(() => reject(new Error('it takes too long')), READY_WITHIN_MS);
    try {
      await ready;
    } catch (error) {
      const said = this.#said.slice(-10).join('\n');
      throw new Error(`${this.name} did not come up; it said:\n${said}`, { cause: error });
    } finally {
      clearTimeout(late);
    }
  }

  /** It stands still, and loses nothing: shorter than any time-out. */
  hold(): void {
    this.#signal('SIGSTOP');
  }

  letGo(): void {
    this.#signal('SIGCONT');
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    if (!this.#process) return;
    const late = setTimeout(() => this.#signal('SIGKILL'), ENDS_WITHIN_MS);
    await this.#end('SIGTERM');
    clearTimeout(late);
  }

  /** From the last partition's restore, as it says itself. */
  restoredMs(): number {
    const told = this.#said.flatMap((line) => RESTORED.exec(line)?.[1] ?? []);
    if (told.length === 0) throw new Error(`${this.name} has not said what it restored`);
    return Math.max(...told.map(Number));
  }

  cpuSeconds(): number {
    return parseStat(readFileSync(`/proc/${this.#pid()}/stat`, 'utf8')).cpuSeconds;
  }

  /** The most memory that it ever held at once. */
  peakBytes(): number {
    const text = readFileSync(`/proc/${this.#pid()}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(text)?.[1]) * 1_024;
  }

  #pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error(`${this.name} does not run`);
    return pid;
  }

  #signal(signal: NodeJS.Signals): void {
    process.kill(this.#pid(), signal);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    // One that is held would not notice.
    child.kill('SIGCONT');
    await ended;
  }
}
