import { capacity, gate, hop, inTurn, recovery, sameOutputs, warmUp } from './engine/phases.js';
import { type Protocol, QUICK, WHOLE } from './engine/protocol.js';
import { engineReport, type Measured } from './engine/report.js';
import { type Engine, withWorkbench, type Workbench } from './engine/workbench.js';

/**
 * The engine of libs/eos beside Kafka Streams: the same work on the same broker, with a store and
 * its changelog on each side.
 *
 * Guarantee: a figure is printed only when, after each load, an independent reader has found for
 * each input its one output, in its turn and byte for byte, on every side; and when all sides,
 * which were given the same, have written the same. The sides take turns, and ratios are taken
 * round by round.
 * Not promised: several brokers, replicas, a network. Everything shares one machine.
 */
export interface EngineOptions {
  readonly signal: AbortSignal;
  readonly quick: boolean;
  /** Another number of them than the protocol has. */
  readonly rounds: number | undefined;
}

/** Kafka Streams' own default under exactly-once. */
const STREAMS_DEFAULT_MS = 100;
/**
 * We commit when there is something to commit; at half load that is about so often, which the table
 * shows. With 0 Kafka Streams commits after each record.
 */
const STREAMS_AT_OURS_MS = 10;

const SIDES = {
  ours: { is: 'ours', guarantee: 'exactly once' },
  'ours, at least once': { is: 'ours', guarantee: 'at least once' },
  'Kafka Streams, 100 ms': {
    ...{ is: 'streams', store: 'memory', commitIntervalMs: STREAMS_DEFAULT_MS },
  },
  'Kafka Streams, 10 ms': {
    ...{ is: 'streams', store: 'memory', commitIntervalMs: STREAMS_AT_OURS_MS },
  },
} as const satisfies Record<string, Engine>;

/** One that keeps its transactional id across a kill is the quicker one to come back. */
const KILLED = {
  ours: SIDES.ours,
  'Kafka Streams, in memory': SIDES['Kafka Streams, 100 ms'],
  'Kafka Streams, RocksDB': {
    ...{ is: 'streams', store: 'rocksdb', commitIntervalMs: STREAMS_DEFAULT_MS },
  },
} as const satisfies Record<string, Engine>;

/** Of what the slowest side holds while somebody produces and reads. */
const LOAD_SHARE = 0.5;

export async function engine({ signal, quick, rounds }: EngineOptions): Promise<void> {
  const chosen = quick ? QUICK : WHOLE;
  const protocol = { ...chosen, rounds: rounds ?? chosen.rounds };
  await withWorkbench(signal, async (bench) => {
    console.log(engineReport(await measure(bench, protocol), protocol));
  });
}

async function measure(bench: Workbench, protocol: Protocol): Promise<Measured> {
  const runs = await bench.started(SIDES, protocol.customers);
  await gate(runs, protocol.gateRecords);
  console.error('all sides write the same; warming up');
  await warmUp(runs, protocol);
  const speeds = await inTurn(runs, protocol.rounds, (run) => run.burst(protocol.burstRecords));
  await sameOutputs(runs);
  const peaks = runs.map(({ side }) => side.peakBytes());
  const [capacities = []] = await inTurn(runs, 1, (run) => capacity(run, protocol.paceSeconds));
  const perSecond = Math.floor(Math.min(...capacities) * LOAD_SHARE);
  const hops = await inTurn(runs, protocol.paceRounds, (run) =>
    hop(run, perSecond, protocol.paceSeconds),
  );
  for (const { side } of runs) await side.stop();
  const killed = await bench.started(KILLED, protocol.keys);
  for (const run of killed) await run.burst(protocol.keys);
  const recoveries = await inTurn(killed, protocol.kills, recovery);
  for (const run of killed) await run.judgeState();
  return {
    sides: Object.keys(SIDES),
    killed: Object.keys(KILLED),
    ...{ speeds, peaks, perSecond, hops, recoveries },
    judged: [...runs, ...killed].reduce((sum, run) => sum + run.given, 0),
  };
}
