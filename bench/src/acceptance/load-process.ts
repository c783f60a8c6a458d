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
    const load = new LoadProcess(fork(path, { serialization: 'advanced' }));
    await load.ask(options);
    return load;
  }

  run(burst: Burst): Promise<BurstResult> {
    return this.ask(burst) as Promise<BurstResult>;
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }

  private async ask(question: object): Promise<unknown> {
    const ended = new AbortController();
    const exit = once(this.child, 'exit', { signal: ended.signal }).then(([code]) => {
      throw new Error(`the load generator ended with ${String(code)}`);
    });
    exit.catch(() => undefined);
    const answer = once(this.child, 'message', { signal: ended.signal });
    this.child.send(question);
    try {
      const [{ failed, result }] = (await Promise.race([answer, exit])) as [Answer];
      if (failed !== undefined) throw new Error(failed);
      return result;
    } finally {
      ended.abort();
    }
  }
}

interface Answer {
  readonly failed?: string;
  readonly result?: unknown;
}

/** In the child: opens what it is told to, then answers bursts for as long as the parent lives. */
export function serveBursts<Options>(open: (options: Options) => Promise<Placing> | Placing): void {
  let placing: Placing | undefined;
  const answer = async (question: Options | Burst): Promise<unknown> => {
    if (placing) return run(question as Burst, placing);
    placing = await open(question as Options);
    return undefined;
  };
  process.on('disconnect', () => process.exit(0));
  process.on('message', (question: Options | Burst) => {
    answer(question)
      .then((result): Answer => ({ result }))
      .catch((error: unknown): Answer => ({ failed: String(error) }))
      .then((said) => process.send?.(said))
      .catch(() => process.exit(1));
  });
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
