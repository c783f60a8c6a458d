import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { gate, hop } from './engine/phases.js';
import type { Run } from './engine/run.js';
import { assertRight } from './engine/verdict.js';
import { type Engine, openWorkbench, type Workbench } from './engine/workbench.js';
import { type Ask, Inventory } from './hot-products/inventory.js';

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

test('the inventory stage answers and holds what it is asked, at home and in buckets', async () => {
  const shop = { name: 'two products', products: ['espresso-cup', 'coffee-beans'] };
  const inventory = await Inventory.started(bench, [shop], 2);
  const drain = (ask: Ask) => inventory.drain({ shop, ask, count: 400 });
  const [home, buckets] = [await drain('home'), await drain('buckets')];
  expect(inventory.given).toBe(800);
  // One of two products is two thirds of what is wanted, and its home is in one partition.
  expect(home.busiestPartition).toBeGreaterThan(0.6);
  expect(buckets.busiestPartition).toBeLessThan(0.5);
  for (const { busiestPartition, busiestProcess, perSecond } of [home, buckets]) {
    expect(busiestProcess).toBeGreaterThanOrEqual(busiestPartition);
    expect(perSecond).toBeGreaterThan(0);
  }
});

describe('the reader of the stock', () => {
  const line = (n: number) => ({
    orderId: `order-${n}`,
    lineNumber: 1,
    bucket: 'cup/0',
    quantity: 3,
  });
  const request = (n: number) => ['cup/0', line(n), 'type=StockRequested'] as const;
  const answer = (n: number, type = 'StockReserved') =>
    [`order-${n}`, line(n), `type=${type}`] as const;
  const row = (n: number, held = 3) => [`cup/0|order-${n}/1`, { held }] as const;
  const delivery = ['cup/0', { bucket: 'cup/0', quantity: 9 }, 'type=StockReceived'] as const;
  const rest = (free: number) => ['cup/0', { free }] as const;
  const [input, output, changelog] = [
    [delivery, request(1), request(2)],
    [answer(1), answer(2)],
    [['cup/0|delivery', { counted: 9 }] as const, rest(6), row(1), rest(3), row(2)],
  ];

  test.each([
    ['finds nothing, when all is right', { input, output, changelog }, 0],
    ['misses an answer', { input, output: [answer(1)], changelog }, 1],
    ['sees an answer twice', { input, output: [...output, answer(1)], changelog }, 1],
    ['sees a refusal', { input, output: [answer(1), answer(2, 'StockRefused')], changelog }, 1],
    [
      'sees that a bucket asks another',
      { input: [...input, answer(3, 'StockRecalled')], output, changelog },
      1,
    ],
    // The row, and the sum of its bucket.
    [
      'sees that less is held',
      { input, output, changelog: [...changelog.slice(0, -1), row(2, 2)] },
      2,
    ],
    ['sees that more is free', { input, output, changelog: [...changelog, rest(4)] }, 1],
  ])('%s', async (name, written, wrong) => {
    const group = name.replaceAll(/\W/g, '-');
    const topics = {
      group,
      ...{ input: `${group}-in`, output: `${group}-out`, changelog: `${group}-log` },
    };
    for (const which of ['input', 'output', 'changelog'] as const) {
      await bench.client.topic(topics[which], 'delete');
      const file = join(bench.folder, `${topics[which]}.tsv`);
      const lines = written[which].map(([key, value, ...headers]) =>
        [0, key, JSON.stringify(value), ...headers].join('\t'),
      );
      writeFileSync(file, lines.join('\n'));
      await bench.client.send(topics[which], file);
    }
    const judged = await bench.client.stock(topics);
    expect(judged).toMatchObject({ inputs: 2, outputs: written.output.length, wrong });
    const verdict = expect(() => assertRight(name, judged, 2));
    if (wrong > 0) verdict.toThrow('no figures');
    else verdict.not.toThrow();
  });
});
