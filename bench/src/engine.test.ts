import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { gate, hop } from './engine/phases.js';
import type { Run } from './engine/run.js';
import { type Engine, openWorkbench, type Workbench } from './engine/workbench.js';

// Four programs come up on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000 });

const SIDES = {
  ours: { is: 'ours', guarantee: 'exactly once' },
  'at least once': { is: 'ours', guarantee: 'at least once' },
  'Kafka Streams': { is: 'streams', store: 'memory', commitIntervalMs: 100 },
} as const satisfies Record<string, Engine>;
const CUSTOMERS = 300;
const RECORDS = 2_000;

let bench: Workbench;
let close: (() => Promise<void>) | undefined;
let runs: readonly Run[];

beforeAll(async () => {
  ({ bench, close } = await openWorkbench(new AbortController().signal));
  runs = await bench.started(SIDES, CUSTOMERS);
}, 120_000);
afterAll(() => close?.(), 60_000);

test('all sides make the same of the same, as an independent reader sees it', async () => {
  await gate(runs, RECORDS);
  expect(runs.map(({ given }) => given)).toEqual([RECORDS, RECORDS, RECORDS]);
});

test('what was measured at a steady rate has been judged, too', async () => {
  const ourOwn = runs.slice(0, 2);
  const before = ourOwn.map(({ given }) => given);
  const figures = [];
  for (const run of ourOwn) figures.push(await hop(run, 50, 1));
  // Three seconds of warming up, and one.
  expect(ourOwn.map(({ given }) => given)).toEqual(before.map((given) => given + 200));
  for (const { p50, p99, cpuMicros } of figures) {
    expect(p50).toBeGreaterThan(0);
    expect(p99).toBeGreaterThanOrEqual(p50);
    expect(cpuMicros).toBeGreaterThan(0);
  }
  // Kafka transactions leave their ends in the output, and nothing else does.
  expect(figures[0]?.intervalMs).toBeLessThan(4_000);
  expect(figures[1]?.intervalMs).toBe(Infinity);
});

test('the reader misses outputs, and sees those that belong to other inputs', async () => {
  const { client } = bench;
  const [one, other] = ['one', 'other'].map((name) => ({
    ...{ group: name, input: `${name}-in`, output: `${name}-out`, changelog: `${name}-log` },
  }));
  for (const { input, output } of [one!, other!]) {
    await client.topic(input, 'delete');
    await client.topic(output, 'delete');
  }
  await client.load(one!.input, 0, { count: 10, customers: CUSTOMERS });
  await client.load(other!.output, 0, { count: 10, customers: CUSTOMERS });
  expect(await client.judge(one!)).toMatchObject({ inputs: 10, outputs: 0, wrong: 10 });
  expect(await client.judge(other!)).toMatchObject({ inputs: 0, outputs: 10, wrong: 10 });
});
