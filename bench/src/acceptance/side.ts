import type { System } from '@checkout/testkit';
import { descendants, readProcesses } from '../process-tree.js';
import { spread, type Spread } from '../statistics.js';
import { settleAcceptance, storedOrders } from './evidence.js';
import type { Burst, LoadProcess } from './load-process.js';

export interface SideOptions {
  readonly name: string;
  /** Its orders are known by it. */
  readonly paymentMethod: string;
  readonly load: LoadProcess;
}

/** Processor seconds by process: parts of the system, and the client. */
export type Cost = Readonly<Record<string, number>>;

/** Parts that work while orders are accepted. */
const PARTS = ['order', 'postgres'];

/** One of the two that are compared, and all that it did. */
export class Side {
  /** Orders a second of each closed burst. */
  readonly perSecond: number[] = [];
  readonly latenciesMs: number[] = [];
  private readonly accepted: string[] = [];
  private readonly costs: Record<string, number> = {};
  private ordersCounted = 0;

  constructor(
    private readonly system: System,
    private readonly options: SideOptions,
  ) {}

  get name(): string {
    return this.options.name;
  }

  /** Accepted like all others, and not measured. */
  async warmUp(burst: Burst): Promise<void> {
    this.accepted.push(...(await this.options.load.run(burst)).ids);
  }

  async run(burst: Burst): Promise<void> {
    const before = this.partsCost();
    const { ids, seconds, latenciesMs, cpuSeconds } = await this.options.load.run(burst);
    const after = this.partsCost();
    this.accepted.push(...ids);
    this.latenciesMs.push(...latenciesMs);
    if (burst.kind === 'open') return;
    this.perSecond.push(ids.length / seconds);
    this.ordersCounted += ids.length;
    for (const part of PARTS) this.add(part, (after[part] ?? 0) - (before[part] ?? 0));
    this.add('client', cpuSeconds);
  }

  speed(): Spread {
    return spread(this.perSecond);
  }

  /** Microseconds of processor time an order, over all closed bursts. */
  microsecondsPerOrder(): Cost {
    const entries = Object.entries(this.costs);
    return Object.fromEntries(entries.map(([part, s]) => [part, (s * 1e6) / this.ordersCounted]));
  }

  /** Throws unless what was accepted is what the database has; returns how many that are. */
  async settle(): Promise<number> {
    const { name, paymentMethod } = this.options;
    const database = this.system.databaseUrl('orders');
    const found = await storedOrders(database, paymentMethod);
    return settleAcceptance(name, { accepted: this.accepted, ...found });
  }

  stop(): void {
    this.options.load.stop();
  }

  private add(part: string, seconds: number): void {
    this.costs[part] = (this.costs[part] ?? 0) + seconds;
  }

  private partsCost(): Cost {
    const all = readProcesses();
    const running = this.system.processes().filter(({ name }) => PARTS.includes(name));
    return Object.fromEntries(
      running.map(({ name, pid }) => [
        name,
        descendants(all, pid).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
      ]),
    );
  }
}
