import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { changelogs, deadLetterTopic, topics, type TransactionalGroup } from '@checkout/events';
import type { Topics } from '../engine/bench-client.js';
import type { Side } from '../engine/side.js';
import { assertRight } from '../engine/verdict.js';
import type { Workbench } from '../engine/workbench.js';
import { repository } from '../machine.js';
import { now } from '../open-loop.js';
import { EXPONENT, type Shop } from './shops.js';

/** Whom the orders ask: each product's home, or the bucket that the order's id says. */
export type Ask = 'home' | 'buckets';

export interface Backlog {
  readonly shop: Shop;
  readonly ask: Ask;
  readonly count: number;
}

export interface Drained {
  readonly perSecond: number;
  /** Of the records, what the partition and the process have that have most. */
  readonly busiestPartition: number;
  readonly busiestProcess: number;
  /** Microseconds of processor time a record: of all processes, and of the broker. */
  readonly cpuMicros: number;
  readonly brokerMicros: number;
}

const GROUP = 'enrichment.inventory' satisfies TransactionalGroup;
const TOPICS: Topics = {
  group: GROUP,
  input: topics.inventory.name,
  output: topics.checks.name,
  changelog: changelogs.stock.name,
};
const WORKER = join(repository, 'apps/enrichment/dist/testing/inventory-worker.js');
const RECORDS = join(repository, 'apps/enrichment/dist/testing/stock-records.js');
const SHARED_OUT_WITHIN_MS = 30_000;

/**
 * The inventory stage of enrichment as it is, in several processes that share its partitions. Both
 * sides of the comparison are the same processes, on the same topics: they differ in what is asked.
 */
export class Inventory {
  #given = 0;

  private constructor(
    private readonly bench: Workbench,
    private readonly sides: readonly Side[],
    private readonly owned: readonly (readonly number[])[],
  ) {}

  /** With stock that does not run dry. Resolves when each process has as many partitions. */
  static async started(bench: Workbench, shops: readonly Shop[], processes: number) {
    const { client, brokers, folder } = bench;
    await client.topic(TOPICS.input, 'delete');
    await client.topic(TOPICS.output, 'delete');
    await client.topic(topics.inventoryLevels.name, 'compact');
    await client.topic(TOPICS.changelog, 'compact');
    await client.topic(deadLetterTopic(TOPICS.input, GROUP), 'parked');

    const sides = Array.from({ length: processes }, (_, ordinal) => {
      const options = JSON.stringify({ brokers, ordinal });
      return bench.side(`process ${ordinal}`, TOPICS, [process.execPath, WORKER, options]);
    });
    for (const side of sides) await side.start();
    const inventory = new Inventory(bench, sides, await sharedOut(bench, processes));
    const file = join(folder, 'delivered.tsv');
    await records({ file, products: shops.flatMap(({ products }) => products) });
    await client.send(TOPICS.input, file);
    await client.drained(TOPICS);
    return inventory;
  }

  /** All that was asked. */
  get given(): number {
    return this.#given;
  }

  /** A backlog from its first record to its last; throws unless all of it came out right. */
  async drain({ shop: { products }, ask, count }: Backlog): Promise<Drained> {
    const { client, folder } = this.bench;
    const file = join(folder, 'requests.tsv');
    const requests = { firstOrder: this.#given, count, ask, exponent: EXPONENT };
    await records({ file, products, requests });
    for (const side of this.sides) side.hold();
    await client.send(TOPICS.input, file);
    this.#given += count;
    const before = this.#cpu();
    const begun = now();
    for (const side of this.sides) side.letGo();
    await client.drained(TOPICS);
    const seconds = (now() - begun) / 1_000;
    const [cpu, broker] = this.#cpu().map((after, n) => after - (before[n] ?? 0));
    const byPartition = await this.#judged(ask, count);
    const byProcess = this.owned.map((own) => sum(own.map((one) => byPartition[one] ?? 0)));
    return {
      perSecond: count / seconds,
      busiestPartition: Math.max(...byPartition) / count,
      busiestProcess: Math.max(...byProcess) / count,
      cpuMicros: ((cpu ?? NaN) * 1e6) / count,
      brokerMicros: ((broker ?? NaN) * 1e6) / count,
    };
  }

  /** Requests by partition, when each has its one answer and what is held adds up. */
  async #judged(side: string, count: number): Promise<readonly number[]> {
    const { client } = this.bench;
    const judged = await client.stock(TOPICS);
    assertRight(side, judged, count);
    await client.delete(TOPICS.input);
    await client.delete(TOPICS.output);
    return judged.byPartition;
  }

  #cpu(): readonly number[] {
    return [sum(this.sides.map((side) => side.cpuSeconds())), this.bench.brokerCpuSeconds()];
  }
}

/** What `apps/enrichment/src/testing/stock-records.ts` takes. */
async function records(options: object): Promise<void> {
  await promisify(execFile)(process.execPath, [RECORDS, JSON.stringify(options)]);
}

async function sharedOut({ client }: Workbench, processes: number) {
  const giveUpAt = now() + SHARED_OUT_WITHIN_MS;
  for (;;) {
    const owned = [...(await client.members(GROUP)).values()];
    const isEven = owned.every(({ length }) => length === topics.inventory.partitions / processes);
    if (owned.length === processes && isEven) return owned;
    if (now() > giveUpAt) throw new Error(`${GROUP} has not shared out its partitions`);
    await pause(100);
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
