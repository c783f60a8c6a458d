import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startSystem, type System } from '@checkout/testkit';
import { descendants, readProcesses } from '../process-tree.js';
import { repository } from '../machine.js';
import { openFolder } from '../open-folder.js';
import { BenchClient, type Topics } from './bench-client.js';
import { JavaPrograms } from './java-programs.js';
import { Run } from './run.js';
import { type Command, Side } from './side.js';

/** What a side is, apart from the names of its topics. */
export type Engine =
  | {
      readonly is: 'ours';
      readonly guarantee: 'exactly once' | 'at least once';
      readonly commitIntervalMs?: number;
    }
  | { readonly is: 'streams'; readonly commitIntervalMs: number; readonly store: StreamsStore };
type StreamsStore = 'memory' | 'rocksdb';

/** As Kafka's own scripts start a broker: heap, collector, both compilers. */
const BROKER_AS_IT_COMES = {
  KAFKA_HEAP_OPTS: '-Xmx1G -Xms1G',
  KAFKA_JVM_PERFORMANCE_OPTS:
    '-server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35',
};

/**
 * A JVM's young generation is a third of its heap; that of Node, 16 MB, is too small for what one
 * Kafka transaction keeps, and copies it again and again. Twice as much costs no memory.
 */
const NODE_FLAGS = ['--max-semi-space-size=32'];

const WORKER = join(repository, 'libs/eos/dist/testing/measured-worker.js');

/** Everything is gone when `use` has ended, however it ends. */
export async function withWorkbench(
  signal: AbortSignal,
  use: (bench: Workbench) => Promise<void>,
): Promise<void> {
  const { bench, close } = await openWorkbench(signal, (line) => console.error(line));
  await use(bench).finally(close);
}

export interface OpenWorkbench {
  readonly bench: Workbench;
  close(): Promise<void>;
}

export async function openWorkbench(
  signal: AbortSignal,
  report?: (line: string) => void,
): Promise<OpenWorkbench> {
  const runDir = openFolder('checkout-bench-');
  const forget = (): void => rmSync(runDir, { recursive: true, force: true });
  const env = BROKER_AS_IT_COMES;
  const options = { only: ['broker'], runDir, signal, env, ...(report && { report }) };
  const system = await startSystem(options).catch((error: unknown) => {
    forget();
    throw error;
  });
  const stop = (): Promise<void> => system.stop().finally(forget);
  try {
    const bench = await Workbench.open(system, signal);
    return { bench, close: () => bench.close().finally(stop) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A broker, the client beside it, and sides on topics of their own. */
export class Workbench {
  readonly #sides: Side[] = [];

  private constructor(
    private readonly system: System,
    private readonly programs: JavaPrograms,
    readonly client: BenchClient,
  ) {}

  static async open(system: System, signal: AbortSignal): Promise<Workbench> {
    const programs = await JavaPrograms.compiled(system.runDir, signal);
    return new Workbench(system, programs, new BenchClient(programs, system.brokers.join(',')));
  }

  /** All of them, with topics of their own. */
  async started(
    sides: Readonly<Record<string, Engine>>,
    customers: number,
  ): Promise<readonly Run[]> {
    const runs: Run[] = [];
    for (const [name, engine] of Object.entries(sides)) {
      const side = await this.#side(name, engine);
      await side.start();
      runs.push(new Run(this, side, customers));
    }
    return runs;
  }

  async #side(name: string, engine: Engine): Promise<Side> {
    const group = `bench-${this.#sides.length}`;
    const topics: Topics = {
      group,
      input: `${group}-in`,
      output: `${group}-out`,
      changelog: `${group}-counts-changelog`,
    };
    await this.client.topic(topics.input, 'delete');
    await this.client.topic(topics.output, 'delete');
    return this.side(name, topics, await this.#command(engine, topics));
  }

  /** Not started; stopped with the bench. */
  side(name: string, topics: Topics, command: Command): Side {
    const side = new Side(name, topics, command);
    this.#sides.push(side);
    return side;
  }

  get brokers(): readonly string[] {
    return this.system.brokers;
  }

  /** Gone when the bench is. */
  get folder(): string {
    return this.system.runDir;
  }

  brokerCpuSeconds(): number {
    const broker = this.system.processes().find(({ name }) => name === 'broker');
    if (!broker) throw new Error('there is no broker');
    return descendants(readProcesses(), broker.pid).reduce((sum, one) => sum + one.cpuSeconds, 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.#sides.map((side) => side.stop()));
    await this.client.end();
  }

  async #command(engine: Engine, topics: Topics): Promise<Command> {
    const { brokers, runDir } = this.system;
    const { group, input, output, changelog } = topics;
    if (engine.is === 'streams') {
      const state = join(runDir, 'streams', group);
      mkdirSync(state, { recursive: true });
      const settings = [state, String(engine.commitIntervalMs), engine.store];
      const args = [brokers.join(','), group, input, output, ...settings];
      return this.programs.command('StreamsSide', args);
    }
    // Kafka Streams makes its changelog itself.
    await this.client.topic(changelog, 'compact');
    await this.client.topic(`${input}.${group}.dlq`, 'parked');
    const options = { brokers, ...topics, ...engine };
    return [process.execPath, ...NODE_FLAGS, WORKER, JSON.stringify(options)];
  }
}
