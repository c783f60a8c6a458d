import { JavaWitness } from '@checkout/local';
import fc from 'fast-check';
import type { Admin } from 'kafkajs';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ensureTopics } from './ensure-topics.js';
import { drawnCases, interleave, seed, told, type Case, type Fetch } from './testing/histories.js';
import { HistoryWriter, type Place } from './testing/history-writer.js';
import { kafkaOf, silent } from './testing/kit.js';
import { kafkajsWithout } from './testing/unpatched.js';
import { lineOf, witnessed, type WitnessedLog } from './testing/witnessed-log.js';

/** For a long run: `HISTORIES=10000`. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 300);
/** As many as Kafka's own client and ours read at once; one partition after the other. */
const A_TOPIC = 300;
const PARTITIONS = 3;
const drawable = drawnCases({ minLength: 6, maxLength: 10 }, { minLength: 1, maxLength: 2 });
const BYTES_A_BATCH = 150;
const ENDS_WITHIN_MS = 60_000 + HISTORIES * 200;

const brokers = inject('brokers');
const published = kafkajsWithout('aborted-filter');
const patched = kafkaOf(brokers).admin();
const leaky = new published.kafkajs.Kafka({ brokers: [...brokers], logLevel: 0 }).admin();
const java = new JavaWitness(inject('runDir'), brokers);
let writers: HistoryWriter[];

beforeAll(async () => {
  await Promise.all([patched.connect(), leaky.connect()]);
  const names = Array.from({ length: PARTITIONS }, (_, partition) => `writer-${partition}`);
  writers = await Promise.all(names.map((name) => HistoryWriter.of(brokers, name)));
});

afterAll(async () => {
  await Promise.all(writers.map((writer) => writer.close()));
  await Promise.all([patched.disconnect(), leaky.disconnect()]);
  await java.end();
  published.remove();
});

interface Written {
  readonly drawn: Case;
  readonly place: Place;
  readonly from: number;
  /** Where the next one begins. */
  readonly until: number;
}

/** One after the other in each partition, the partitions side by side. */
async function written(topic: string, cases: readonly Case[]): Promise<Written[]> {
  const partitions = writers.map(async (writer, partition) => {
    const own = cases.filter((_, i) => i % PARTITIONS === partition);
    const starts: number[] = [];
    for (const { history } of own) {
      starts.push(await writer.write({ topic, partition }, history));
    }
    return own.map((drawn, i) => {
      const [from = 0, until = Infinity] = [starts[i], starts[i + 1]];
      return { drawn, place: { topic, partition }, from, until };
    });
  });
  return (await Promise.all(partitions)).flat();
}

interface Reading {
  readonly start: number;
  /** The offset behind what was read. */
  readonly end: number;
  readonly lines: readonly string[];
}

/** From somewhere in a history to its end, in small answers: most begin inside of something. */
async function reading(admin: Admin, { place, from, until }: Written, fetch: Fetch) {
  const start = from + (fetch.start % (until - from));
  const lines: string[] = [];
  let end = start;
  while (end < until) {
    const maxBytes = fetch.batches * BYTES_A_BATCH;
    const answer = await admin.fetchRecords({ ...place, offset: String(end), maxBytes });
    lines.push(...answer.messages.map(lineOf));
    end = Number(answer.nextOffset);
  }
  return { start, end, lines } satisfies Reading;
}

const seen = { histories: 0, interleaved: 0, leaking: 0, records: 0 };

async function judge(one: Written, log: WitnessedLog): Promise<void> {
  const own = { ...one, until: Math.min(one.until, log.lastStable) };
  let leaks = false;
  for (const fetch of own.drawn.fetches) {
    const ours = await reading(patched, own, fetch);
    const expected = visibleIn(log, ours);
    if (ours.lines.join() !== expected.join()) {
      throw new Error(failure({ one: own, log, ours, expected }));
    }
    seen.records += expected.length;
    const theirs = await reading(leaky, own, fetch);
    leaks ||= theirs.lines.join() !== visibleIn(log, theirs).join();
  }
  const aborted = log.aborted.filter(({ first }) => first >= own.from && first < own.until);
  seen.histories += 1;
  if (interleave(aborted)) seen.interleaved += 1;
  if (leaks) seen.leaking += 1;
}

function visibleIn({ visible }: WitnessedLog, { start, end }: Reading): string[] {
  return visible.flatMap(([offset, line]) => (offset >= start && offset < end ? [line] : []));
}

interface Failure {
  readonly one: Written;
  readonly log: WitnessedLog;
  readonly ours: Reading;
  readonly expected: readonly string[];
}

function failure({ one, log, ours, expected }: Failure): string {
  const { topic, partition } = one.place;
  const without = (some: readonly string[], others: readonly string[]): string =>
    some.flatMap((line) => (others.includes(line) ? [] : [`  ${line}`])).join('\n');
  return [
    `seed ${seed}: ${topic}-${partition} read from ${ours.start} to ${ours.end}`,
    `delivered and not visible:\n${without(ours.lines, expected)}`,
    `visible and not delivered:\n${without(expected, ours.lines)}`,
    `the history:\n${told(one.drawn)}`,
    `its log:\n${log.lines(one.from, Math.max(one.until, ours.end)).join('\n')}`,
  ].join('\n');
}

async function round(topic: string, cases: readonly Case[]): Promise<void> {
  await ensureTopics({
    brokers,
    topics: [{ name: topic, partitions: PARTITIONS, settings: {} }],
    log: silent,
  });
  const all = await written(topic, cases);
  const logs = await witnessed(java, topic);
  for (const one of all) await judge(one, logs[one.place.partition]!);
}

it(
  'of drawn histories on a real broker kafkajs reads what Kafka’s own client reads',
  async () => {
    const cases = fc.sample(drawable, { seed, numRuns: HISTORIES });
    for (let first = 0; first < HISTORIES; first += A_TOPIC) {
      await round(`drawn-${first}`, cases.slice(first, first + A_TOPIC));
    }
    console.log(`seed ${seed}: ${JSON.stringify(seen)}`);
    expect(seen.histories).toBe(HISTORIES);
    expect(seen.interleaved / HISTORIES).toBeGreaterThan(0.3);
    expect(seen.records).toBeGreaterThan(HISTORIES);
    expect(seen.leaking / HISTORIES, 'as it was published, it must fail').toBeGreaterThan(0.1);
  },
  ENDS_WITHIN_MS,
);
