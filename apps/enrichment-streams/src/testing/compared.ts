import { changelogs, partitionOf, topics, type TopicDefinition } from '@checkout/events';
import { CASE, headerOf, type RawRecord, type ReadRecord, text } from './topic-client.js';

/** What the two programs have written, in an order that both must have kept. */
export const STAGES = {
  'enrichment.split': [topics.outboxOrder, topics.outboxCatalogue, topics.outboxPayment],
  'enrichment.inventory': [topics.inventory],
  'enrichment.fraud': [topics.fraud],
  'enrichment.checks': [topics.checks],
} as const satisfies Readonly<Record<string, readonly TopicDefinition[]>>;
export const GROUPS = Object.keys(STAGES) as (keyof typeof STAGES)[];

export function groupThatReads(topic: string): string {
  const group = GROUPS.find((one) => STAGES[one].some(({ name }) => name === topic));
  if (group === undefined) throw new Error(`no group reads ${topic}`);
  return group;
}

export const INPUTS = Object.values(STAGES)
  .flat()
  .map(({ name }) => name);
export const PARKED = Object.entries(STAGES).flatMap(([group, read]) =>
  read.map(({ name }) => `${name}.${group}.dlq`),
);
export const OUTPUTS = [
  ...[topics.inventory, topics.fraud, topics.checks, topics.inventoryLevels],
  ...[topics.ordersApproved, topics.ordersRejected],
].map(({ name }) => name);
/** By that of the TypeScript engine, the changelog that Kafka Streams makes for itself. */
export const CHANGELOGS: Readonly<Record<string, string>> = {
  [changelogs.stock.name]: 'enrichment.inventory-stock-changelog',
  [changelogs.velocity.name]: 'enrichment.fraud-velocity-changelog',
  [changelogs.checks.name]: 'enrichment.checks-checks-changelog',
};

/** What is compared: all but the offset, and words that each program chooses for itself. */
interface Written {
  readonly key: string | null;
  readonly value: string;
  readonly headers: string;
}
export type Streams = ReadonlyMap<string, readonly Written[]>;

/**
 * Each stage writes what it decides on one input partition in the order of that partition; what it
 * writes for two of them, or what two stages write, may lie between each other. So records are
 * compared one stream after the other: a stage, an input partition, an output partition.
 */
export function streamsOf(written: readonly ReadRecord[], inputs: readonly ReadRecord[]): Streams {
  const readAt = new Map(
    inputs.map((one) => [headerOf(one, 'id'), `${one.topic}/${one.partition}`]),
  );
  const streams = new Map<string, Written[]>();
  for (const record of written) {
    const isParked = record.topic.endsWith('.dlq');
    if (!isParked && headerOf(record, CASE) !== undefined) continue;
    const name = `${sourceOf(record, readAt)} -> ${record.topic}/${record.partition}`;
    streams.set(name, [...(streams.get(name) ?? []), comparable(record)]);
  }
  return streams;
}

/** Their cause is not the record that came last, but the placed order. */
const OF_THE_JOIN = ['OrderApproved', 'OrderRejected', 'StockReleaseRequested'];

function sourceOf(record: ReadRecord, readAt: ReadonlyMap<string | undefined, string>): string {
  const parkedAt = ['dlq-topic', 'dlq-partition'].map((name) => headerOf(record, name));
  if (record.topic.endsWith('.dlq')) return parkedAt.join('/');
  const type = headerOf(record, 'type') ?? '';
  const { orderId, stage } = JSON.parse(text(record.value)) as Partial<Record<string, string>>;
  if (OF_THE_JOIN.includes(type)) {
    return `${topics.checks.name}/${partitionOf(orderId ?? '', topics.checks.partitions)}`;
  }
  const cause = readAt.get(headerOf(record, 'causation-id'));
  // Of a parked record, which may have had no id; then it was the order's only one.
  if (type === 'CheckFailed' && stage !== 'watchdog') return `${stage}, ${cause ?? orderId}`;
  return cause ?? `unknown, for ${record.key}`;
}

function comparable({ key, value, headers }: RawRecord): Written {
  const said = value === null ? 'null' : text(value);
  const isParking = headers.some(([name]) => name === 'dlq-reason');
  const ofAStage = /"stage":"(split|inventory|fraud|checks)","reason":"(?:[^"\\]|\\.)*"/;
  return {
    key,
    value: isParking ? (value ?? 'null') : said.replace(ofAStage, '"stage":"$1","reason":"…"'),
    headers: headers
      .map(([name, bytes]) => `${name}=${name === 'dlq-reason' ? '…' : bytes}`)
      .join(' '),
  };
}

/** The rows that a restored store would have, by partition and key. */
export function rowsOf(changes: readonly ReadRecord[]): ReadonlyMap<string, string> {
  const rows = new Map<string, string>();
  for (const { partition, key, value } of changes) {
    const place = `${partition} ${text(key)}`;
    if (value === null) rows.delete(place);
    else rows.set(place, text(value));
  }
  return rows;
}

/** How many records of which type each stage has read. */
export function readOf(inputs: readonly ReadRecord[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [group, read] of Object.entries(STAGES)) {
    const events: readonly string[] = read.flatMap((topic) => [...topic.events]);
    for (const type of events) counts.set(`${group} ${type}`, 0);
    for (const record of inputs) {
      const name = `${group} ${headerOf(record, 'type')}`;
      if (!read.some((topic) => topic.name === record.topic) || !counts.has(name)) continue;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}
