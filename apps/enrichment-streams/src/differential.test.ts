import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTopics } from '@checkout/eos';
import { startSystem, type System, until } from '@checkout/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CHANGELOGS,
  GROUPS,
  groupThatReads,
  INPUTS,
  OUTPUTS,
  PARKED,
  readOf,
  rowsOf,
  streamsOf,
} from './testing/compared.js';
import { chanceOf, firstWave, repeats, secondWave } from './testing/histories.js';
import { compiled } from './testing/java-program.js';
import { oddRecords } from './testing/odd-records.js';
import { CASE, headerOf, type ReadRecord, text, TopicClient } from './testing/topic-client.js';

/**
 * The two programs over the same partitions. The TypeScript service works through a history; what
 * lies on its topics then is the recording. The Java service reads the very same topics, as a
 * shadow: under groups of its own, writing to topics of its own. Each stage of it is fed what the
 * other side's stage was fed, in the same order, and nothing that a stage of its own has written.
 * In the midst of this it is killed, and started again: a decision that was lost, or made twice,
 * would show.
 */
const MINUTE = 60_000;
const SHADOW = 'shadow.';
/** As the registry's: a parked record is an input of full size, and says why it is parked. */
const LARGE = { 'max.message.bytes': String(2 * 1024 * 1024) };
const silent = { info: () => {}, warn: () => {}, error: () => {} };

const seed = Number(process.env['SEED'] ?? Date.now());
const chance = chanceOf(seed);
const runDir = mkdtempSync(join(tmpdir(), 'enrichment-streams-'));
const shadow = (name: string): string => `${SHADOW}${name}`;

let system: System;
let client: TopicClient;
let command: readonly string[];
let service: ChildProcess;
let port: number;
let leftByTheKilled: ReadonlyMap<string, number>;
let inputs: readonly ReadRecord[];
let written: readonly ReadRecord[];

beforeAll(async () => {
  console.log(`seed ${seed}: SEED=${seed} plays the same history again`);
  system = await startSystem({ only: ['enrichment'], runDir, env: { RUN_MODE: 'test' } });
  const program = await compiled(runDir);
  client = new TopicClient(program('TopicClient'), system.brokers);
  await record();
  inputs = await client.read(INPUTS);

  await ensureTopics({
    brokers: system.brokers,
    log: silent,
    topics: [
      ...OUTPUTS.map((name) => ({ name: shadow(name), partitions: 4, settings: {} })),
      ...PARKED.map((name) => ({ name: shadow(name), partitions: 1, settings: LARGE })),
    ],
  });
  command = program('EnrichmentStreams');
  ({ service, port } = await started(system.brokers, SHADOW));
  await killedInTheMidst();
  ({ service, port } = await started(system.brokers, SHADOW));
  await caughtUp(SHADOW);
  const both = [...OUTPUTS, ...PARKED, ...Object.keys(CHANGELOGS)];
  written = await client.read([...both, ...both.map((name) => shadow(CHANGELOGS[name] ?? name))]);
}, 3 * MINUTE);

afterAll(async () => {
  service?.kill('SIGKILL');
  await client?.end();
  await system?.stop();
  rmSync(runDir, { recursive: true, force: true });
}, MINUTE);

/** Lets the TypeScript service work through a history. */
async function record(): Promise<void> {
  const first = firstWave(chance);
  await client.write([...first, ...oddRecords(chance)]);
  await caughtUp('');
  await client.write(secondWave(chance, first));
  await caughtUp('');
  await client.write(repeats(chance, await client.read(INPUTS)));
  await caughtUp('');
}

/**
 * What it had in hand is aborted, and what it had committed is not decided on again. It is frozen
 * while it is looked at: it needs a second for all of it, and a slow answer would come too late.
 */
async function killedInTheMidst(): Promise<void> {
  await until({ what: 'the Java service has decided on a third', withinMs: MINUTE }, async () => {
    service.kill('SIGSTOP');
    leftByTheKilled = await undecided(SHADOW);
    if (sum(leftByTheKilled) <= (inputs.length * 2) / 3) return true;
    service.kill('SIGCONT');
    return false;
  });
  service.kill('SIGKILL');
  await once(service, 'exit');
  // The broker may have had a commit in its hands.
  leftByTheKilled = await undecided(SHADOW);
}

/** By group, how many of the inputs it has not passed. */
async function undecided(prefix: string): Promise<ReadonlyMap<string, number>> {
  const committed = await client.committed(GROUPS.map((group) => `${prefix}${group}`));
  const left = new Map<string, number>(GROUPS.map((group) => [group, 0]));
  for (const { topic, partition, offset } of inputs) {
    if (offset < (committed[`${topic}/${partition}`] ?? 0)) continue;
    const group = groupThatReads(topic);
    left.set(group, (left.get(group) ?? 0) + 1);
  }
  return left;
}

const sum = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((all, count) => all + count, 0);

/**
 * Every input is behind its group. The offsets are asked for first: what a stage had in hand then
 * would have come to the topics before they were read.
 */
async function caughtUp(prefix: string): Promise<void> {
  const groups = GROUPS.map((group) => `${prefix}${group}`);
  await until({ what: `${prefix}enrichment has read everything`, withinMs: MINUTE }, async () => {
    const committed = await client.committed(groups);
    const written = await client.read(INPUTS);
    return written.every(
      ({ topic, partition, offset }) => offset < (committed[`${topic}/${partition}`] ?? 0),
    );
  });
}

async function started(
  brokers: readonly string[],
  prefix: string,
): Promise<{ service: ChildProcess; port: number }> {
  const service = spawn('java', command, {
    env: {
      ...{ PATH: process.env['PATH'], RUN_MODE: 'test', PORT: '0', SHADOW_PREFIX: prefix },
      KAFKA_BROKERS: brokers.join(','),
      STATE_DIR: join(runDir, `state-${prefix}`),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  service.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const address = await until(
    { what: 'the Java service listens', withinMs: MINUTE },
    () => /http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1],
  );
  return { service, port: Number(address) };
}

const on = (topic: string): readonly ReadRecord[] => written.filter((one) => one.topic === topic);

const get = async (port: number | undefined, path: string) =>
  (await fetch(`http://127.0.0.1:${port}${path}`)).text();

it('has been fed everything that there is: each event, at each stage', () => {
  const counts = readOf(inputs);
  const table = [...counts].map(([what, count]) => `${String(count).padStart(6)} ${what}`);
  console.log(`${inputs.length} records decided on by both:\n${table.join('\n')}`);
  for (const [what, count] of counts) expect(count, what).toBeGreaterThan(0);
});

it('was killed in the midst of it', () => {
  const decided = inputs.length - sum(leftByTheKilled);
  const left = [...leftByTheKilled].map(([group, count]) => `${count} for ${group}`);
  console.log(`killed after ${decided} of ${inputs.length}; left: ${left.join(', ')}`);
  expect(decided).toBeGreaterThan(inputs.length / 5);
  expect(decided).toBeLessThan((inputs.length * 4) / 5);
});

it.each([...OUTPUTS, ...PARKED])('writes to %s what the other side wrote', (topic) => {
  const ours = streamsOf(on(topic), inputs);
  const theirs = on(shadow(topic)).map((one) => ({ ...one, topic }));
  expect(Object.fromEntries(streamsOf(theirs, inputs))).toEqual(Object.fromEntries(ours));
  expect(ours.size, 'streams compared').toBeGreaterThan(0);
});

it.each(Object.entries(CHANGELOGS))('keeps the rows of %s', (ours, theirs) => {
  const rows = rowsOf(on(ours));
  expect(rows.size).toBeGreaterThan(0);
  expect(rowsOf(on(shadow(theirs)))).toEqual(rows);
});

it('parks each record that is wrong, and none that is odd and right', () => {
  const cases = new Set(oddRecords(chanceOf(seed)).map((record) => headerOf(record, CASE)));
  const parked = PARKED.flatMap((topic) => on(shadow(topic))).map((record) =>
    headerOf(record, CASE),
  );
  const wrong = [...cases].filter((name) => !name?.startsWith('right: '));
  console.log(`${new Set(parked).size} kinds of wrong records are parked`);
  expect(new Set(parked)).toEqual(new Set(wrong));
});

describe('on its port', () => {
  it('says of an order what the other side says', async () => {
    const opened = inputs.filter((one) => headerOf(one, 'type') === 'OrderOpened');
    // An id is asked for in small letters.
    const placed = opened.map(({ key }) => text(key)).filter((id) => id === id.toLowerCase());
    for (const orderId of placed.slice(0, 8)) {
      const path = `/internal/orders/${orderId}/facts`;
      const ours = JSON.parse(await get(system.ports['enrichment'], path)) as { facts: unknown[] };
      expect(JSON.parse(await get(port, path))).toEqual(ours);
      expect(ours.facts.length).toBeGreaterThan(1);
    }
    expect(placed.length).toBeGreaterThan(0);
  });

  it('is ready, and tells what its Kafka transactions came to', async () => {
    expect(await get(port, '/health/ready')).toBe('{"ready":true,"detail":"ready"}');
    const metrics = await get(port, '/metrics');
    for (const [group, left] of leftByTheKilled) {
      const committed = new RegExp(`_total{group="${group}",outcome="committed"} (\\d+)`);
      const count = Number(committed.exec(metrics)?.[1]);
      expect(count, group).toBeGreaterThanOrEqual(Math.min(left, 1));
    }
    expect((await fetch(`http://127.0.0.1:${port}/internal/orders/1/facts`)).status).toBe(400);
    expect((await fetch(`http://127.0.0.1:${port}/orders`)).status).toBe(404);
  });
});

async function stopped(service: ChildProcess): Promise<void> {
  const began = performance.now();
  service.kill('SIGTERM');
  expect(await once(service, 'exit')).toEqual([0, null]);
  expect(performance.now() - began).toBeLessThan(5_000);
}

it('stops within 5 s when it is asked to', () => stopped(service));

it(
  'stops within 5 s while it has its partitions and the broker does not answer',
  async () => {
    ({ service, port } = await started(system.brokers, SHADOW));
    const ready = async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok;
    await until({ what: 'all four applications run', withinMs: MINUTE }, ready);
    system.kill('broker', 'SIGSTOP');
    try {
      await stopped(service);
    } finally {
      system.kill('broker', 'SIGCONT');
    }
  },
  MINUTE,
);

it('is alive and not ready without a broker, says which stages do not run, and stops', async () => {
  const { service, port } = await started(['127.0.0.1:1'], 'nowhere.');
  expect(await get(port, '/health/live')).toBe('{"live":true}');
  const ready = await fetch(`http://127.0.0.1:${port}/health/ready`);
  const { detail } = (await ready.json()) as { detail: string };
  expect([ready.status, ...GROUPS.filter((group) => !detail.includes(group))]).toEqual([503]);
  await stopped(service);
});

it('names every fault of its environment, no value, and ends with 78', () => {
  const env = { PATH: process.env['PATH'], PORT: 'secret', RUN_MODE: 'secret' };
  const { status, stderr } = spawnSync('java', command, { env, encoding: 'utf8' });
  expect(status).toBe(78);
  const names = ['KAFKA_BROKERS', 'PORT', 'STATE_DIR', 'RUN_MODE'];
  expect(stderr.split('\n').map((line) => line.split(':')[0])).toEqual([...names, '']);
  expect(stderr).not.toContain('secret');
});
