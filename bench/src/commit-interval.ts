import { hop, inTurn, type Hop, type Rounds } from './engine/phases.js';
import { type Engine, withWorkbench } from './engine/workbench.js';
import { circumstances } from './machine.js';
import { median } from './statistics.js';
import { ms, table } from './table.js';

/**
 * What waiting with a commit costs and brings: the time of a record from one topic to the next, and
 * the broker's work for it, at commit intervals of 0, 10 and 100 ms, beside Kafka Streams.
 *
 * Guarantee: as in engine.ts, no figure comes out of a run whose outputs are not all right.
 */
export interface CommitIntervalOptions {
  readonly signal: AbortSignal;
  /** Records a second, one after the other. */
  readonly rates: readonly number[];
  readonly seconds: number;
  readonly rounds: number;
}

const CUSTOMERS = 10_000;
/** Enough for both compilers. */
const WARM_UP = { bursts: 4, records: 60_000 };

const ours = (commitIntervalMs: number): Engine => ({
  is: 'ours',
  guarantee: 'exactly once',
  commitIntervalMs,
});
const streams = (commitIntervalMs: number): Engine => ({
  is: 'streams',
  store: 'memory',
  commitIntervalMs,
});

const SIDES: Readonly<Record<string, Engine>> = {
  'ours, 0 ms': ours(0),
  'ours, 10 ms': ours(10),
  'ours, 100 ms': ours(100),
  'Kafka Streams, 10 ms': streams(10),
  'Kafka Streams, 100 ms': streams(100),
};

export async function commitInterval(options: CommitIntervalOptions): Promise<void> {
  const { signal, rates, seconds, rounds } = options;
  await withWorkbench(signal, async (bench) => {
    const runs = await bench.started(SIDES, CUSTOMERS);
    for (let n = 0; n < WARM_UP.bursts; n += 1) {
      for (const run of runs) await run.burst(WARM_UP.records);
    }
    console.log(circumstances());
    console.log(`load      ${rounds} rounds of ${seconds} s a side, open loop, all outputs judged`);
    for (const perSecond of rates) {
      const hops = await inTurn(runs, rounds, (run) => hop(run, perSecond, seconds));
      console.log(`\n${intervals(Object.keys(SIDES), hops, perSecond)}`);
    }
  });
}

function intervals(sides: readonly string[], hops: Rounds<Hop>, perSecond: number): string {
  const rows = sides.map((name, n) => {
    const figure = (of: (hop: Hop) => number): number =>
      median(hops.flatMap((round) => round.slice(n, n + 1).map(of)));
    const load = (micros: number): string => `${((micros * perSecond) / 1e4).toFixed(1)} %`;
    return [
      name,
      ms(figure(({ p50 }) => p50)),
      ms(figure(({ p99 }) => p99)),
      ms(figure(({ intervalMs }) => intervalMs)),
      load(figure(({ cpuMicros }) => cpuMicros)),
      load(figure(({ brokerMicros }) => brokerMicros)),
    ];
  });
  const head = ['p50', 'p99', 'commits every', 'CPU', "broker's CPU"];
  return table([`record due → readable, ${perSecond} a second`, ...head], rows);
}
