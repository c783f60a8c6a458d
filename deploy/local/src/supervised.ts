/**
 * One process that is kept alive.
 *
 *            spawn             asked and answered yes
 *   start ─────────▶ starting ───────────────────────▶ ready
 *                       ▲                                │ it dies, or kill() is called
 *                       └────────── wait ◀── down ◀──────┘
 *
 * At its first start a process that dies is a failure and not started again: the cause is a fault
 * that a person has to see. Later it is started again at once, and later and later when it dies
 * soon after each start. Two exit codes say that starting again is wrong: 75, another process lives
 * that has this one's identity in its consumer groups, and 78, the configuration is at fault.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { LogTail } from './log-tail.ts';
import { signalGroup } from './process-identity.ts';
import { holderElsewhere } from './other-holder.ts';

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly port: number | null;
  /** Runs as this user where the runner is root (PostgreSQL refuses to be root). */
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly stopSignal: NodeJS.Signals;
  /** How long it may take to end itself before it is killed. */
  readonly stopWithinMs: number;
  /** How long the first start may take. */
  readonly readyWithinMs: number;
  /** Asked again and again while the process lives. */
  isReady(log: LogTail): boolean | Promise<boolean>;
  /** A death with this in the log is no fault: what the last process held is not free yet. */
  readonly notYet?: RegExp;
}

interface Surroundings {
  readonly log: string;
  report(line: string): void;
  /** Called when the process id or the number of restarts is another. */
  changed(): void;
}

type Phase = 'new' | 'starting' | 'ready' | 'down' | 'gave up' | 'stopping' | 'stopped';

/** How often readiness is looked at: a loopback request costs less than a millisecond. */
const LOOK_EVERY_MS = 40;
/** Waits after the first, second, … death within STEADY_AFTER_MS of its start. */
const BACKOFF_MS = [0, 200, 500, 1_000, 2_000, 5_000];
const STEADY_AFTER_MS = 10_000;
const NOT_YET_EVERY_MS = 200;
const NOT_YET_AT_MOST = 100;

const DEADLY = new Set<NodeJS.Signals>(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGABRT']);

const ANOTHER_HOLDER_LIVES = 75;
const CONFIGURATION_FAULT = 78;

export class StartFailed extends Error {
  override readonly name = 'StartFailed';
}

export class Supervised {
  restarts = 0;
  readonly #spec: ProcessSpec;
  readonly #around: Surroundings;
  #child: ChildProcess | undefined;
  #phase: Phase = 'new';
  #spawnedAt = 0;
  #tail: LogTail;
  #quickDeaths = 0;
  #exited: Promise<string> = Promise.resolve('');
  #wakeWaiters: (() => void)[] = [];

  constructor(spec: ProcessSpec, around: Surroundings) {
    this.#spec = spec;
    this.#around = around;
    this.#tail = new LogTail(around.log);
  }

  get name(): string {
    return this.#spec.name;
  }

  get port(): number | null {
    return this.#spec.port;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves when the process is ready; from then on it is kept alive. */
  async start(): Promise<void> {
    const death = await this.#bringUp(performance.now() + this.#spec.readyWithinMs);
    if (this.#isStopping()) throw new StartFailed(`${this.name} was stopped while it started`);
    if (death !== undefined) {
      this.#child = undefined;
      this.#around.changed();
      this.#enter('gave up');
      throw new StartFailed(death);
    }
    this.#keepAlive().catch((error: Error) => {
      this.#enter('gave up');
      this.#around.report(`${this.name} cannot be started again: ${error.message}`);
    });
  }

  /** Hits the process and no other; what it means for readiness is known before this returns. */
  kill(signal: NodeJS.Signals): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error(`${this.name} is not running just now`);
    if (DEADLY.has(signal)) this.#enter('down');
    process.kill(pid, signal);
    return pid;
  }

  async whenReady(): Promise<void> {
    while (this.#phase !== 'ready') {
      if (this.#phase === 'gave up' || this.#phase === 'stopped' || this.#phase === 'stopping') {
        throw new Error(`${this.name} does not run any more (${this.#phase})`);
      }
      await new Promise<void>((resolve) => this.#wakeWaiters.push(resolve));
    }
    if (await this.#looksReady(this.#tail)) return;
    await sleep(LOOK_EVERY_MS);
    await this.whenReady();
  }

  async stop(): Promise<void> {
    if (this.#phase === 'stopped') return;
    this.#enter('stopping');
    const child = this.#child;
    if (child?.pid !== undefined) {
      signalSafely(child, this.#spec.stopSignal);
      const late = setTimeout(() => this.killNow(), this.#spec.stopWithinMs);
      await this.#exited;
      clearTimeout(late);
      this.killNow();
    }
    this.#child = undefined;
    this.#enter('stopped');
    this.#around.changed();
  }

  /** The process and all that it started, without asking. */
  killNow(): void {
    if (this.#child?.pid !== undefined) signalGroup(this.#child.pid, 'SIGKILL');
  }

  async #keepAlive(): Promise<void> {
    for (;;) {
      const how = await this.#exited;
      if (this.#isStopping()) return;
      this.#enter('down');
      const code = this.#child?.exitCode;
      this.#child = undefined;
      this.#around.changed();
      if (code === CONFIGURATION_FAULT) {
        this.#enter('gave up');
        this.#around.report(`${this.name} ${how}: its configuration is at fault, not restarted`);
        return;
      }
      if (code === ANOTHER_HOLDER_LIVES) await this.#untilAlone(how);
      await this.#waitBeforeRestart();
      if (this.#isStopping()) return;
      await this.#restart(how);
    }
  }

  async #restart(how: string): Promise<void> {
    this.restarts++;
    this.#around.report(`${this.name} ${how}, restarting`);
    const from = performance.now();
    if ((await this.#bringUp(Infinity)) !== undefined) return;
    const seconds = ((performance.now() - from) / 1000).toFixed(1);
    this.#around.report(
      `${this.name} is ready again after ${seconds} s (restart ${this.restarts})`,
    );
  }

  /** Undefined when it is ready, else how it died. */
  async #bringUp(deadline: number): Promise<string | undefined> {
    for (let attempt = 0; ; attempt++) {
      this.#spawn();
      const death = await this.#untilReady(deadline);
      const again = this.#spec.notYet?.test(this.#tail.text()) && attempt < NOT_YET_AT_MOST;
      if (death === undefined || this.#isStopping() || !again) return death;
      await sleep(NOT_YET_EVERY_MS);
      if (this.#isStopping()) return death;
    }
  }

  async #untilAlone(how: string): Promise<void> {
    const holder = await holderElsewhere(this.#spec);
    if (holder === undefined) return;
    this.#around.report(
      `${this.name} ${how}: process ${holder} is the same member of its groups; ` +
        'restarted when that one is gone',
    );
    while (!this.#isStopping() && (await holderElsewhere(this.#spec)) !== undefined) {
      await sleep(500);
    }
  }

  async #waitBeforeRestart(): Promise<void> {
    if (performance.now() - this.#spawnedAt > STEADY_AFTER_MS) this.#quickDeaths = 0;
    await sleep(BACKOFF_MS[Math.min(this.#quickDeaths, BACKOFF_MS.length - 1)] ?? 0);
    this.#quickDeaths++;
  }

  #spawn(): void {
    this.#tail = new LogTail(this.#around.log);
    const log = openSync(this.#around.log, 'a');
    const child = spawn(this.#spec.command, this.#spec.args, {
      cwd: this.#spec.cwd,
      env: this.#spec.env,
      stdio: ['ignore', log, log],
      detached: process.platform !== 'win32',
      ...this.#spec.user,
    });
    closeSync(log);
    this.#child = child;
    this.#spawnedAt = performance.now();
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => resolve(`could not be started (${error.message})`));
      child.once('exit', (code, signal) =>
        resolve(signal === null ? `ended with exit code ${code}` : `was killed (${signal})`),
      );
    });
    this.#enter('starting');
    this.#around.changed();
  }

  /** Undefined when it is ready, else how it died. */
  async #untilReady(deadline: number): Promise<string | undefined> {
    let death: string | undefined;
    void this.#exited.then((how) => (death = how));
    for (;;) {
      if (death !== undefined) return `${this.name} ${death}`;
      if (await this.#looksReady(this.#tail)) break;
      if (performance.now() > deadline) {
        this.killNow();
        await this.#exited;
        return `${this.name} was not ready within ${this.#spec.readyWithinMs / 1000} s`;
      }
      await Promise.race([sleep(LOOK_EVERY_MS), this.#exited]);
    }
    if (this.#phase === 'starting') this.#enter('ready');
    return undefined;
  }

  async #looksReady(log: LogTail): Promise<boolean> {
    try {
      return await this.#spec.isReady(log);
    } catch {
      return false;
    }
  }

  #isStopping(): boolean {
    return this.#phase === 'stopping' || this.#phase === 'stopped';
  }

  #enter(phase: Phase): void {
    if (this.#phase === 'stopped') return;
    if (this.#phase === 'stopping' && phase !== 'stopped') return;
    this.#phase = phase;
    for (const wake of this.#wakeWaiters.splice(0)) wake();
  }
}

function signalSafely(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    child.kill(signal);
  } catch {
    // It ended by itself meanwhile.
  }
}
