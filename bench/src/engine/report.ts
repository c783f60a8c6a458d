import { circumstances } from '../machine.js';
import { median, spread } from '../statistics.js';
import { megabytes, ms, table } from '../table.js';
import { type Bar, held } from './bars.js';
import type { Hop, Recovery, Rounds } from './phases.js';
import type { Protocol } from './protocol.js';
import type { Figures } from './run.js';

export interface Measured {
  /** Names, in the order of the columns of rounds: ours, at least once, default, at ours. */
  readonly sides: readonly string[];
  readonly killed: readonly string[];
  readonly speeds: Rounds<Figures>;
  readonly peaks: readonly number[];
  /** Of the hops. */
  readonly perSecond: number;
  readonly hops: Rounds<Hop>;
  readonly recoveries: Rounds<Recovery>;
  /** Records, over all sides. */
  readonly judged: number;
}

const [OURS, AT_LEAST_ONCE, STREAMS, STREAMS_AT_OURS] = [0, 1, 2, 3];
const [KILLED_STREAMS, KILLED_ROCKSDB] = [1, 2];

/** One side's figure, round by round. */
function column<T>(rounds: Rounds<T>, side: number, figure: (of: T) => number): number[] {
  return rounds.flatMap((round) => round.slice(side, side + 1).map(figure));
}

export function engineReport(measured: Measured, protocol: Protocol): string {
  const { rounds, burstRecords, warmUp, customers } = protocol;
  return [
    circumstances(),
    `load      orders of 300 bytes of ${customers} customers in 4 partitions, counted by customer`,
    `          in memory, with a changelog; ${rounds} rounds of ${burstRecords} records a side,`,
    `          warm after ${warmUp.seconds} s and ${warmUp.records} records a side at least`,
    `peer      Kafka Streams of the broker's version, exactly_once_v2, one thread, and its`,
    `          commit interval`,
    `verdict   ${measured.judged} records judged: each has its one output, all sides' are the same`,
    '',
    speeds(measured),
    '',
    hops(measured),
    '',
    recoveries(measured, protocol),
    '',
    bars(measured),
  ].join('\n');
}

function speeds({ sides, speeds, peaks }: Measured): string {
  const rows = sides.map((name, n) => {
    const rate = spread(column(speeds, n, ({ perSecond }) => perSecond));
    const cpu = median(column(speeds, n, ({ cpuMicros }) => cpuMicros));
    const broker = median(column(speeds, n, ({ brokerMicros }) => brokerMicros));
    const quartiles = `${rate.lower.toFixed(0)} - ${rate.upper.toFixed(0)}`;
    const figures = [rate.median.toFixed(0), quartiles, cpu.toFixed(1), broker.toFixed(1)];
    return [name, ...figures, megabytes(peaks[n] ?? Number.NaN)];
  });
  const head = ['records/s', 'quartiles', 'CPU µs/record', 'broker µs/record', 'peak RSS'];
  return table(['side, at full load', ...head], rows);
}

function hops({ sides, hops, perSecond }: Measured): string {
  const rows = sides.map((name, n) => {
    const isSustained = hops.every((round) => round[n]?.isSustained);
    const wait = (figure: (hop: Hop) => number): string =>
      isSustained ? ms(median(column(hops, n, figure))) : 'not sustained';
    const cpu = [
      median(column(hops, n, ({ cpuMicros }) => cpuMicros)),
      median(column(hops, n, ({ brokerMicros }) => brokerMicros)),
    ];
    const waits = [wait(({ p50 }) => p50), wait(({ p99 }) => p99)];
    const interval = median(column(hops, n, ({ intervalMs }) => intervalMs));
    const commits = Number.isFinite(interval) ? ms(interval) : '-';
    return [name, ...waits, commits, ...cpu.map((one) => one.toFixed(1))];
  });
  const head = ['p50', 'p99', 'commits every', 'CPU µs/record', 'broker µs/record'];
  return table([`record due → readable, ${perSecond} a second`, ...head], rows);
}

function recoveries({ killed, recoveries }: Measured, { keys }: Protocol): string {
  const rows = killed.map((name, n) => {
    const output = column(recoveries, n, ({ nextOutputMs }) => nextOutputMs);
    const restored = column(recoveries, n, ({ restoredMs }) => restoredMs);
    return [name, ms(median(output)), ms(Math.max(...output)), ms(median(restored))];
  });
  const head = ['kill → next output', 'worst', 'restore'];
  return table([`killed at 1,000 records a second, ${keys} keys`, ...head], rows);
}

function barsOf({ speeds, hops, recoveries }: Measured): readonly Bar[] {
  const rate = (side: number) => column(speeds, side, ({ perSecond }) => perSecond);
  const cpu = (side: number) => column(speeds, side, ({ cpuMicros }) => cpuMicros);
  const p50 = (side: number) => column(hops, side, (hop) => hop.p50);
  const next = (side: number) => column(recoveries, side, ({ nextOutputMs }) => nextOutputMs);
  return [
    { title: 'records/s to Streams', ours: rate(OURS), theirs: rate(STREAMS), atLeast: 0.75 },
    { title: 'CPU a record to Streams', ours: cpu(OURS), theirs: cpu(STREAMS), atMost: 1 },
    {
      title: 'p50 to Streams, default interval',
      ...{ ours: p50(OURS), theirs: p50(STREAMS), atMost: 0.3 },
    },
    {
      title: 'p50 to Streams, our interval',
      ...{ ours: p50(OURS), theirs: p50(STREAMS_AT_OURS), atMost: 1.5 },
    },
    {
      title: 'records/s to at least once',
      ...{ ours: rate(OURS), theirs: rate(AT_LEAST_ONCE), atLeast: 0.85 },
    },
    {
      title: 'kill → next output to Streams',
      ...{ ours: next(OURS), theirs: next(KILLED_STREAMS), atMost: 1 },
    },
    {
      title: 'the same to Streams on RocksDB',
      ...{ ours: next(OURS), theirs: next(KILLED_ROCKSDB), atMost: 1 },
    },
  ];
}

function bars(measured: Measured): string {
  const rows = barsOf(measured)
    .map(held)
    .map(({ title, bar, ratio, quartiles, verdict }) => {
      return [title, bar, ratio.toFixed(2), quartiles, verdict];
    });
  return table(['ours, round by round', 'bar', 'median', 'quartiles', ''], rows);
}
