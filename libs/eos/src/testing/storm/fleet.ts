/**
 * Processes that are started again whenever they end, each behind a proxy of its own.
 */
import { BrokerProxy } from '@checkout/local';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TestTopics } from '../kit.js';
import type { StormWorkerOptions } from './storm-worker.js';

/** What ends by itself at once is not started as fast as it ends. */
const RESTART_MS = 50;

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

export class Member {
  readonly proxy: BrokerProxy;
  readonly #options: StormWorkerOptions;
  readonly #ended: () => void;
  #process: ChildProcess;
  #frozen = false;
  #stopping = false;

  constructor(proxy: BrokerProxy, options: StormWorkerOptions, ended: () => void) {
    this.proxy = proxy;
    this.#options = { ...options, brokers: [proxy.address] };
    this.#ended = ended;
    this.#process = this.#start();
  }

  get isUp(): boolean {
    return !this.#frozen && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  freeze(): void {
    this.#frozen = this.#process.kill('SIGSTOP');
    this.proxy.hold();
  }

  wake(): void {
    this.#process.kill('SIGCONT');
    this.proxy.release();
    this.#frozen = false;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.kill();
    const { exitCode, signalCode } = this.#process;
    if (exitCode === null && signalCode === null) await once(this.#process, 'exit');
    await this.proxy.close();
  }

  #start(): ChildProcess {
    const child = fork(path('storm-worker.ts'), [JSON.stringify(this.#options)], {
      execArgv: [
        ...['--import', path('../run-typescript.mjs')],
        '--disable-warning=ExperimentalWarning',
      ],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.once('exit', (code) => {
      this.proxy.forget();
      if (this.#stopping) return;
      if (code !== null) this.#ended();
      setTimeout(
        () => {
          if (!this.#stopping) this.#process = this.#start();
        },
        code === null ? 0 : RESTART_MS,
      );
    });
    return child;
  }
}

export interface Fleet {
  readonly members: readonly Member[];
  /** Processes that have ended by themselves. */
  endings(): number;
  stop(): Promise<void>;
}

export interface FleetOptions {
  readonly brokers: readonly string[];
  readonly topics: TestTopics;
  readonly processes: number;
  readonly workers: Partial<StormWorkerOptions>;
}

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { brokers, topics, processes, workers } = options;
  const [broker = ''] = brokers;
  let endings = 0;
  const proxies = await Promise.all(
    Array.from({ length: processes }, () => BrokerProxy.before(broker)),
  );
  const members = proxies.map((proxy, ordinal) => {
    const options = { brokers, topics, ordinal, ...workers };
    return new Member(proxy, options, () => (endings += 1));
  });
  return {
    members,
    endings: () => endings,
    stop: async () => {
      await Promise.all(members.map((member) => member.stop()));
    },
  };
}
