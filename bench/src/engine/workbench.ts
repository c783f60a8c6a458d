import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { System } from '@checkout/testkit';
import { descendants, readProcesses } from '../process-tree.js';
import { repository } from '../machine.js';
import { BenchClient, type Topics } from './bench-client.js';
import { JavaPrograms } from './java-programs.js';
import { type Command, Side } from './side.js';

/** What a side is, apart from the names of its topics. */
export type Engine =
  | { readonly is: 'ours'; readonly guarantee: 'exactly once' | 'at least once' }
  | { readonly is: 'streams'; readonly commitIntervalMs: number; readonly store: StreamsStore };
type StreamsStore = 'memory' | 'rocksdb';

const WORKER = join(repository, 'libs/eos/dist/testing/measured-worker.js');

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

  /** Not started yet. */
  async side(name: string, engine: Engine): Promise<Side> {
    const group = `bench-${this.#sides.length}`;
    const topics: Topics = {
      group,
      input: `${group}-in`,
      output: `${group}-out`,
      changelog: `${group}-counts-changelog`,
    };
    await this.client.topic(topics.input, 'delete');
    await this.client.topic(topics.output, 'delete');
    const side = new Side(name, topics, await this.#command(engine, topics));
    this.#sides.push(side);
    return side;
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
    await this.client.topic(`${input}.${group}.dlq`, 'delete');
    const options = { brokers, ...topics, ...engine };
    return [process.execPath, WORKER, JSON.stringify(options)];
  }
}
