import { BrokerProxy, startSystem, until, type System } from '@checkout/testkit';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

type Environment = Readonly<Record<string, string>>;

export interface ShopOptions {
  readonly runDir: string;
  /** For enrichment alone. */
  readonly enrichment: Environment;
  readonly starting?: Starting;
}

/** What becomes of a start when somebody wants to end it. */
export type Starting = (start: (signal: AbortSignal) => Promise<System>) => Promise<System>;

const nobodyEndsIt: Starting = (start) => start(new AbortController().signal);

/**
 * A whole shop of which one service, enrichment, talks to the broker through a proxy, so that a
 * misfortune can strike it at a named message.
 */
export class ProxiedShop {
  readonly system: System;
  readonly proxy: BrokerProxy;
  readonly #environment: Environment;
  readonly #successors: ChildProcess[] = [];

  private constructor(system: System, proxy: BrokerProxy, environment: Environment) {
    this.system = system;
    this.proxy = proxy;
    this.#environment = environment;
  }

  static async open({
    runDir,
    enrichment,
    starting = nobodyEndsIt,
  }: ShopOptions): Promise<ProxiedShop> {
    let proxy: BrokerProxy | undefined;
    let environment: Environment = {};
    const envOf = async (service: string, env: Environment): Promise<Environment> => {
      if (service !== 'enrichment') return env;
      proxy = await BrokerProxy.before(env['KAFKA_BROKERS'] ?? '');
      environment = { ...env, KAFKA_BROKERS: proxy.address, ...enrichment };
      return environment;
    };
    const env = { RUN_MODE: 'test', RECORD: '1' };
    try {
      const system = await starting((signal) => startSystem({ runDir, env, envOf, signal }));
      if (!proxy) throw new Error('enrichment was started without its proxy');
      return new ProxiedShop(system, proxy, environment);
    } catch (error) {
      await proxy?.close();
      throw error;
    }
  }

  /** The process id of the one that the shop has started; none while it is down. */
  get enrichment(): number | undefined {
    return this.system.processes().find(({ name }) => name === 'enrichment')?.pid;
  }

  get #successorsLog(): string {
    return join(this.system.runDir, 'logs', 'enrichment-successor.log');
  }

  /** Another process of it, which is the same member of its groups, and so takes its place. */
  succeed(more: Environment = {}): ChildProcess {
    const log = openSync(this.#successorsLog, 'a');
    const successor = spawn(process.execPath, [PROGRAM], {
      cwd: REPOSITORY,
      env: { ...this.#environment, PORT: '0', ...more },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    process.once('exit', () => successor.kill('SIGKILL'));
    this.#successors.push(successor);
    return successor;
  }

  /** Another process of it that is not to start: what it says, and then it has ended. */
  async refused(more: Environment): Promise<string> {
    const one = this.succeed(more);
    await Promise.race([once(one, 'exit'), pause(BACK_WITHIN_MS)]);
    const refused = one.exitCode !== null && one.exitCode !== 0;
    await ended(one, 'SIGKILL');
    return refused ? readFileSync(this.#successorsLog, 'utf8') : '';
  }

  /** The shop's own has ended, and comes back when nobody else is that member any more. */
  async takenBack(former: number | undefined, successor: ChildProcess): Promise<void> {
    await this.#gone(former);
    await ended(successor, 'SIGTERM');
    await this.back(former);
  }

  async back(former: number | undefined): Promise<void> {
    const wait = { what: 'enrichment was started again', withinMs: BACK_WITHIN_MS };
    await until(wait, () => this.enrichment !== undefined && this.enrichment !== former);
    await this.system.ready('enrichment');
  }

  async close(): Promise<void> {
    await Promise.all(this.#successors.map((one) => ended(one, 'SIGKILL')));
    await this.system.stop();
    await this.proxy.close();
  }

  async #gone(former: number | undefined): Promise<void> {
    const wait = { what: 'the replaced enrichment has ended', withinMs: BACK_WITHIN_MS };
    await until(wait, () => this.enrichment !== former);
  }
}

const REPOSITORY = join(import.meta.dirname, '../../..');
const PROGRAM = 'apps/enrichment/dist/main.js';
const BACK_WITHIN_MS = 30_000;

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
