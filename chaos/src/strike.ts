import type { System } from '@checkout/testkit';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, Target } from './schedule.js';

/**
 * Hits processes, and knows which are frozen, so that in the end all are thawed.
 *
 * A frozen process is frozen with all that it started: PostgreSQL's own process does nothing but
 * start others.
 */
export class Striker {
  readonly #system: Pick<System, 'processes' | 'kill'>;
  readonly #thaws = new Map<Target, { readonly done: Promise<void>; now(): void }>();
  /** Who was killed last: the runner may not have noticed yet. */
  readonly #killed = new Map<Target, number>();

  constructor(system: Pick<System, 'processes' | 'kill'>) {
    this.#system = system;
  }

  /** False when the process is not there to be hit just now. */
  strike(fault: Fault): boolean {
    const pid = this.#system.processes().find(({ name }) => name === fault.target)?.pid;
    if (pid === undefined || pid === this.#killed.get(fault.target)) return false;
    if (fault.kind === 'pause') {
      if (this.#thaws.has(fault.target)) return false;
      this.#freeze(fault.target, pid, fault.milliseconds);
      return true;
    }
    try {
      this.#system.kill(fault.target, 'SIGKILL');
    } catch {
      return false;
    }
    this.#killed.set(fault.target, pid);
    // Its successor is not frozen.
    this.#thaws.get(fault.target)?.now();
    return true;
  }

  /** Resolves when the process is not frozen, or no longer. */
  async thawed(target: Target): Promise<void> {
    await this.#thaws.get(target)?.done;
  }

  /** Resolves when nobody is frozen: each pause has lasted as long as it was meant to. */
  async allThawed(): Promise<void> {
    await Promise.all([...this.#thaws.values()].map(({ done }) => done));
  }

  /** At once, whatever is frozen. */
  async heal(): Promise<void> {
    for (const { now } of this.#thaws.values()) now();
    await this.allThawed();
  }

  #freeze(target: Target, pid: number, milliseconds: number): void {
    const frozen = [pid, ...descendants(pid)];
    for (const one of frozen) send(one, 'SIGSTOP');
    const early = new AbortController();
    const done = pause(milliseconds, undefined, { signal: early.signal })
      .catch(() => undefined)
      .then(() => {
        for (const one of frozen) send(one, 'SIGCONT');
        this.#thaws.delete(target);
      });
    this.#thaws.set(target, { done, now: () => early.abort() });
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It was killed meanwhile, which is a fault of its own.
  }
}

/** From the kernel's table: a process that was started says who its parent is. */
function descendants(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ child: Number(name), parent: parentOf(name) }));
  const below = (of: number): number[] =>
    parents.filter(({ parent }) => parent === of).flatMap(({ child }) => [child, ...below(child)]);
  return below(pid);
}

function parentOf(pid: string): number | undefined {
  try {
    const [, afterName = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\)(?=[^)]*$)/);
    return Number(afterName.trim().split(' ')[1]);
  } catch {
    return undefined;
  }
}
