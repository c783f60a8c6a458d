import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { JavaWitness, RunFolder, Supervisor } from '@checkout/local';
import { afterAll, beforeAll, expect, inject, it, onTestFinished } from 'vitest';
import { now } from './clock.js';
import { SETTINGS } from './settings.js';
import {
  committedOf,
  feeder,
  membersOf,
  topicsFor,
  until,
  type Feeder,
  type TestTopics,
} from './testing/kit.js';
import { differenceOf, longestStall, numberedLoad } from './testing/numbered-load.js';
import {
  ended,
  killed,
  killWorkers,
  startWorker,
  told,
  workerProgram,
} from './testing/worker-process.js';
import { witnessed } from './testing/witnessed-log.js';

/**
 * Real processes that come and go under load, with the session and the heartbeats of a service.
 * Kafka's own client judges what is committed, and its records say how long nothing came.
 */
const ENDS_WITHIN_MS = 180_000;
const PARTITIONS = 4;
/** So much is seen of each partition after a change: half a second of load. */
const GOES_ON = 10;
const brokers = inject('brokers');
const java = new JavaWitness(inject('runDir'), brokers);
let input: Feeder;

beforeAll(async () => {
  input = await feeder(brokers);
});
afterAll(async () => {
  await killWorkers();
  await input.close();
  await java.end();
});

const NOTHING_WRONG = { duplicated: 0, lost: 0, outOfTurn: 0 };
/** More than a session and the rebalance behind it. */
const PATIENT_MS = 60_000;

/** Every partition has moved on since. */
async function goesOn(topics: TestTopics): Promise<void> {
  const before = await committedOf(brokers, topics);
  await until(
    'every partition to go on',
    async () => {
      const after = await committedOf(brokers, topics);
      return after.every((offset, i) => offset >= Math.max(before[i]!, 0) + GOES_ON);
    },
    PATIENT_MS,
  );
}

async function allDone(topics: TestTopics, rounds: number): Promise<void> {
  const isDone = async (): Promise<boolean> =>
    (await committedOf(brokers, topics)).every((offset) => offset === rounds);
  await until('all to be done', isDone, PATIENT_MS);
}

/** A machine of its own, as it were: it restarts what it has started, as `npm start` does. */
async function supervised(topics: TestTopics) {
  const runDir = mkdtempSync(join(tmpdir(), 'eos-hand-over-'));
  const folder = new RunFolder(runDir);
  const said: string[] = [];
  const supervisor = new Supervisor(folder, (line) => said.push(line));
  const stop = (): Promise<void> => supervisor.stop([]);
  onTestFinished(async () => {
    await stop();
    folder.release();
    rmSync(runDir, { recursive: true, force: true });
  });
  const { flags, args } = workerProgram({ brokers, topics, asInProduction: true });
  await supervisor.start({
    ...{ name: 'worker', command: process.execPath, args: [...flags, ...args], cwd: runDir },
    env: { KAFKA_BROKERS: brokers.join(), INSTANCE_ORDINAL: '0' },
    ...{ port: null, stopSignal: 'SIGTERM', stopWithinMs: 5_000, readyWithinMs: PATIENT_MS },
    isReady: (log) => log.contains('ready'),
  });
  const restarts = (): number[] => supervisor.processes().map((one) => one.restarts);
  return { said, restarts, stop, isReady: () => supervisor.ready('worker') };
}

it(
  'of two live processes with one instance id the older one ends, and waits until it is alone',
  async () => {
    const topics = await topicsFor(brokers, { partitions: PARTITIONS });
    const load = numberedLoad(input, topics, PARTITIONS);
    const older = await supervised(topics);
    await goesOn(topics);
    const newer = await supervised(topics);
    await until('the older one to end', () => older.said.length > 0);
    expect(older.said[0]).toMatch(/ended with exit code 75: process \d+ is the same member/);
    for (let looks = 0; looks < 5; looks++) await goesOn(topics);
    expect({ older: older.restarts(), newer: newer.restarts() }).toEqual({ older: [], newer: [0] });
    expect([older.said.length, newer.said.length]).toEqual([1, 0]);

    await newer.stop();
    await older.isReady();
    await goesOn(topics);
    expect(older.restarts()).toEqual([1]);
    const rounds = await load.stop();
    await allDone(topics, rounds);
    const difference = differenceOf(await witnessed(java, topics.output), rounds);
    console.log(`one instance id, two processes: ${JSON.stringify({ rounds, ...difference })}`);
    expect(difference).toEqual(NOTHING_WRONG);
  },
  ENDS_WITHIN_MS,
);

/** A stretch of time in which something was done to the processes. */
interface Stretch {
  readonly what: string;
  readonly from: number;
  readonly until: number;
  /** How long Node has taken to load what was started: it depends on the machine, not on Kafka. */
  readonly loadingMs: number;
}

function fleet(topics: TestTopics) {
  const living = new Map<number, ChildProcess>();
  const stretches: Stretch[] = [];
  return {
    stretches,
    /** Resolves when it is loaded. */
    start: (ordinal: number): Promise<void> => {
      const worker = startWorker({ brokers, topics, ordinal, asInProduction: true });
      living.set(ordinal, worker);
      return told(worker, 'loaded');
    },
    kill: (ordinal: number): Promise<void> => killed(living.get(ordinal)!),
    stop: async (ordinal: number): Promise<void> => {
      living.get(ordinal)!.kill('SIGTERM');
      await ended(living.get(ordinal)!);
      expect(living.get(ordinal)!.exitCode).toBe(0);
    },
    members: (count: number): Promise<void> =>
      until(
        `${count} members`,
        async () => (await membersOf(brokers, topics)).length === count,
        PATIENT_MS,
      ),
    during: async (
      what: string,
      change: () => Promise<void>,
      settled: () => Promise<void> = () => Promise.resolve(),
    ): Promise<void> => {
      const from = now();
      await change();
      const loadingMs = now() - from;
      await settled();
      await goesOn(topics);
      stretches.push({ what, from, until: now(), loadingMs });
    },
  };
}

const RESTARTS = 3;
/** Without what Node takes to load the program; where that alone is longer, as long again. */
const RESTART_MS = 2_000;
/** Who is stopped leaves the group: nobody waits for a session to end. */
const SCALE_IN_MS = 5_000;
/** A session, and a heartbeat by which the others hear of its end. */
const GONE_MS = SETTINGS.sessionTimeoutMs + 2 * SETTINGS.heartbeatMs;

it(
  'two, four and three processes under load: nothing twice, nothing lost, and short stalls',
  async () => {
    const topics = await topicsFor(brokers, { partitions: PARTITIONS });
    const { start, kill, stop, members, during, stretches } = fleet(topics);
    await Promise.all([start(0), start(1)]);
    await members(2);
    const load = numberedLoad(input, topics, PARTITIONS);
    await goesOn(topics);
    const more = () => Promise.all([start(2), start(3)]).then(() => undefined);
    await during('two to four', more, () => members(4));
    for (let restart = 0; restart < RESTARTS; restart++) {
      await during('restart', () => kill(1).then(() => start(1)));
    }
    await during(
      'four to three',
      () => stop(3),
      () => members(3),
    );
    await during(
      'gone for good',
      () => kill(2),
      () => members(2),
    );
    const rounds = await load.stop();
    await allDone(topics, rounds);

    const outputs = await witnessed(java, topics.output);
    const stalls = stretches.map((one) => ({ ...one, ms: longestStall(outputs, one) }));
    const said = stalls.map(({ what, ms, loadingMs }) => `${what} ${ms} (loading ${loadingMs})`);
    console.log(`${rounds * PARTITIONS} records; stalls in ms: ${said.join(', ')}`);
    expect(differenceOf(outputs, rounds)).toEqual(NOTHING_WRONG);
    const of = (what: string) => stalls.filter((one) => one.what === what);
    const overdue = of('restart').map(
      ({ ms, loadingMs }) => ms - loadingMs - Math.max(RESTART_MS, loadingMs),
    );
    expect(overdue.toSorted((a, b) => a - b)[Math.floor(RESTARTS / 2)]).toBeLessThan(0);
    expect(of('four to three')[0]?.ms).toBeLessThan(SCALE_IN_MS);
    expect(of('gone for good')[0]?.ms).toBeLessThan(GONE_MS);
  },
  ENDS_WITHIN_MS,
);
