import { expect, test } from 'vitest';
import { QUICK } from './protocol.js';
import { engineReport, type Measured } from './report.js';

const burst = (perSecond: number, cpuMicros: number) => ({
  ...{ perSecond, cpuMicros, brokerMicros: 5, endings: 4 },
});
const hop = (p50: number, more: object = {}) => ({
  ...{ p50, p99: p50 * 2, cpuMicros: 20, brokerMicros: 9, intervalMs: 8, isSustained: true },
  ...more,
});
const measured: Measured = {
  sides: ['ours', 'ours, at least once', 'Kafka Streams, 100 ms', 'Kafka Streams, 10 ms'],
  killed: ['ours', 'Kafka Streams, in memory', 'Kafka Streams, RocksDB'],
  speeds: [[burst(70, 20), burst(80, 18), burst(100, 19), burst(90, 21)]],
  peaks: [1e6, 2e6, 3e6, 4e6],
  perSecond: 35,
  hops: [[hop(6), hop(2, { intervalMs: Infinity }), hop(60), hop(9, { isSustained: false })]],
  recoveries: [
    [
      { nextOutputMs: 900, restoredMs: 300 },
      { nextOutputMs: 9_000, restoredMs: 400 },
      { nextOutputMs: 800, restoredMs: 500 },
    ],
  ],
  judged: 12,
};

test('each bar is said to hold or to be missed, by the figures above it', () => {
  const lines = engineReport(measured, QUICK).split('\n');
  const verdicts = lines.flatMap((line) => {
    const [, title, ratio, verdict] =
      /^(\S.*?) {2,}[≥≤] [\d.]+ +([\d.]+) .* (PASS|MISSED)$/.exec(line) ?? [];
    return verdict === undefined ? [] : [[title, ratio, verdict]];
  });
  expect(verdicts).toEqual([
    ['records/s to Streams', '0.70', 'MISSED'],
    ['CPU a record to Streams', '1.05', 'MISSED'],
    ['p50 to Streams, default interval', '0.10', 'PASS'],
    ['p50 to Streams, our interval', '0.67', 'PASS'],
    ['records/s to at least once', '0.88', 'PASS'],
    ['kill → next output to Streams', '0.10', 'PASS'],
    ['the same to Streams on RocksDB', '1.13', 'MISSED'],
  ]);
});

test('a rate that a side does not hold is no waiting time', () => {
  const lines = engineReport(measured, QUICK).split('\n');
  const [, hops] = lines.filter((line) => line.startsWith('Kafka Streams, 10 ms'));
  expect(hops).toContain('not sustained');
  const [, atLeastOnce] = lines.filter((line) => line.startsWith('ours, at least once'));
  expect(atLeastOnce).toMatch(/2\.0 ms +4\.0 ms +- /);
});
