import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { closedLoop } from '../closed-loop.js';
import { openLoop } from '../open-loop.js';

/**
 * A load generator as a process of its own, so that what it costs is not counted as the system's.
 * It lives for the whole bench: both sides are warm, with their connections open.
 */
export type Burst =
  | { readonly kind: 'closed'; readonly seconds: number }
  | { readonly kind: 'open'; readonly seconds: number; readonly perSecond: number };

export interface BurstResult {
  /** Of the orders that were accepted. */
  readonly ids: readonly string[];
  readonly seconds: number;
  /** From the moment each was due, in an open loop; empty in a closed one. */
  readonly latenciesMs: readonly number[];
  /** Processor time of the generator itself. */
  readonly cpuSeconds: number;
}

/** What a generator sends; one order at a time, which rejects unless it was accepted. */
export interface Placing {
  readonly concurrency: number;
  /** Before the clock runs. */
  prepare(): void;
  place(): Promise<string>;
}

export class LoadProcess {
  private constructor(private readonly child: ChildProcess) {}

  /** The source's path beside this file; what runs is its compiled form. */
  static async start(source: string, options: object): Promise<LoadProcess> {
    const path = fileURLToPath(new URL(source, import.meta.url)).replace(/\.ts$/, '.js');
    const child = fork(path, [JSON.stringify(options)], { serialization: 'advanced' });
    const [first] = (await once(child, 'message')) as [unknown];
    if (first !== READY) throw new Error(`${source} did not start: ${String(first)}`);
    return new LoadProcess(child);
  }

  async run(burst: Burst): Promise<BurstResult> {
    const answer = once(this.child, 'message');
    this.child.send(burst);
    const [result] = (await answer) as [BurstResult | { readonly failed: string }];
    if ('failed' in result) throw new Error(result.failed);
    return result;
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}

const READY = 'ready';

/** In the child: answers bursts for as long as the parent lives. */
export async function serveBursts<Options>(
  open: (options: Options) => Promise<Placing> | Placing,
): Promise<void> {
  const placing = await open(JSON.parse(process.argv[2] ?? '{}') as Options);
  process.on('disconnect', () => process.exit(0));
  process.on('message', (burst: Burst) => {
    void run(burst, placing)
      .catch((error: unknown) => ({ failed: String(error) }))
      .then((result) => process.send?.(result));
  });
  process.send?.(READY);
}

async function run(burst: Burst, placing: Placing): Promise<BurstResult> {
  placing.prepare();
  const cpu = process.cpuUsage();
  const done =
    burst.kind === 'closed' ? await closed(burst, placing) : await opened(burst, placing);
  const { user, system } = process.cpuUsage(cpu);
  return { ...done, cpuSeconds: (user + system) / 1e6 };
}

async function closed({ seconds }: Burst, { concurrency, place }: Placing) {
  const done = await closedLoop({ concurrency, seconds, send: place });
  return { ids: done.values, seconds: done.seconds, latenciesMs: [] };
}

async function opened(
  { seconds, perSecond }: Extract<Burst, { kind: 'open' }>,
  { place }: Placing,
) {
  const sent = await openLoop({ perSecond, count: perSecond * seconds, send: place });
  return {
    ids: sent.map(({ value }) => value),
    seconds,
    latenciesMs: sent.map(({ dueAt, answeredAt }) => answeredAt - dueAt),
  };
}
