import { setTimeout as pause } from 'node:timers/promises';
import { now } from '../open-loop.js';
import { percentile } from '../statistics.js';
import type { Protocol } from './protocol.js';
import type { Figures, Run } from './run.js';
import { assertSame } from './verdict.js';

/** Of one burst of each side after the other, in the order of the sides. */
export type Rounds<T> = readonly (readonly T[])[];

/** The same inputs for all, and the same outputs of all, before anything is measured. */
export async function gate(runs: readonly Run[], records: number): Promise<void> {
  for (const run of runs) await run.burst(records);
  await sameOutputs(runs);
}

/** All were given the same so far; state and outputs are looked at. */
export async function sameOutputs(runs: readonly Run[]): Promise<void> {
  const judged = [];
  for (const run of runs) {
    judged.push({ name: run.side.name, digest: (await run.judge()).digest });
    await run.judgeState();
  }
  assertSame(judged);
}

export async function warmUp(runs: readonly Run[], protocol: Protocol): Promise<void> {
  const { warmUp, burstRecords } = protocol;
  const done = runs.map(() => ({ records: 0, seconds: 0 }));
  const isWarm = ({ records, seconds }: { records: number; seconds: number }): boolean =>
    records >= warmUp.records && seconds >= warmUp.seconds;
  // All go on until the last is warm, so that all were given the same.
  while (!done.every(isWarm)) {
    for (const [n, run] of runs.entries()) {
      const { perSecond } = await run.burst(burstRecords);
      const own = done[n] ?? { records: 0, seconds: 0 };
      done[n] = {
        records: own.records + burstRecords,
        seconds: own.seconds + burstRecords / perSecond,
      };
    }
  }
}

/** Each side in turn, and another one first in each round. */
export async function inTurn<T>(
  runs: readonly Run[],
  rounds: number,
  measure: (run: Run) => Promise<T>,
): Promise<Rounds<T>> {
  const all: T[][] = [];
  for (let round = 0; round < rounds; round += 1) {
    const measured = new Map<Run, T>();
    const first = round % runs.length;
    for (const run of [...runs.slice(first), ...runs.slice(0, first)]) {
      measured.set(run, await measure(run));
    }
    all.push(runs.flatMap((run) => measured.get(run) ?? []));
    console.error(`round ${round + 1} of ${rounds}`);
  }
  return all;
}

export type Hop = Pick<Figures, 'cpuMicros' | 'brokerMicros'> & {
  readonly p50: number;
  readonly p99: number;
  /** From one Kafka transaction of a partition to its next; Infinity without any. */
  readonly intervalMs: number;
  /** Nobody stood in a queue that only grew. */
  readonly isSustained: boolean;
};

/** As the topics have. */
const PARTITIONS = 4;
const HELD_WITHIN_MS = 1_000;
const PACE_WARM_UP_SECONDS = 3;

/** Some tenths of a second of it: nobody runs dry, and nobody stands in a long queue. */
const ON_THEIR_WAY = 20_000;

/** Records a second that a side holds while producer, broker and reader share the machine. */
export async function capacity(run: Run, seconds: number): Promise<number> {
  const warmUpSeconds = PACE_WARM_UP_SECONDS;
  const paced = await run.pace({ load: { onTheirWay: ON_THEIR_WAY }, seconds, warmUpSeconds });
  return paced.sent / (warmUpSeconds + seconds);
}

export async function hop(run: Run, perSecond: number, seconds: number): Promise<Hop> {
  const warmUpSeconds = PACE_WARM_UP_SECONDS;
  const paced = await run.pace({ load: { perSecond }, seconds, warmUpSeconds });
  return {
    p50: percentile(paced.waitsMs, 50),
    p99: percentile(paced.waitsMs, 99),
    intervalMs: ((warmUpSeconds + seconds) * 1_000 * PARTITIONS) / paced.endings,
    isSustained: paced.waitsMs.every((wait) => wait < HELD_WITHIN_MS),
    cpuMicros: paced.cpuMicros,
    brokerMicros: paced.brokerMicros,
  };
}

export interface Recovery {
  /** From the kill until the last partition has an output again. */
  readonly nextOutputMs: number;
  readonly restoredMs: number;
}

const KILL_PER_SECOND = 1_000;
const BEFORE_KILL_MS = 3_000;
/** Longer than anybody needs to come back: outputs must be on their way all the time. */
const KILL_RUN_SECONDS = 20;

/** Killed under a steady load and started again at once, as a supervisor would. */
export async function recovery(run: Run): Promise<Recovery> {
  let killedAt = 0;
  const load = { perSecond: KILL_PER_SECOND };
  const pace = { load, seconds: KILL_RUN_SECONDS, warmUpSeconds: 0 };
  const { silences } = await run.pace(pace, async () => {
    await pause(BEFORE_KILL_MS);
    killedAt = now();
    await run.side.kill();
    await run.side.start();
  });
  const back = Math.max(...silences.map(({ until }) => until));
  if (back < killedAt) throw new Error(`${run.side.name} was killed, and nobody noticed`);
  return { nextOutputMs: back - killedAt, restoredMs: run.side.restoredMs() };
}
