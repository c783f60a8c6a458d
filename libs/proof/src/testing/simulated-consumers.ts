import { topics } from '@checkout/events';
import type { DataRecord } from '../evidence/kafka-log.js';
import type { ReadRecord } from '../evidence/recordings.js';
import { readRecord, type AnySeen, type TopicKey } from '../log-view.js';
import { contentHash } from '../recordings/consume-log.js';
import type { World } from './simulated-world.js';

export interface Member {
  readonly group: string;
  readonly key: TopicKey;
  readonly partition: number;
}

export function members(group: string, keys: readonly TopicKey[]): Member[] {
  return keys.flatMap((key) =>
    Array.from({ length: topics[key].partitions }, (_, partition) => ({ group, key, partition })),
  );
}

const MOST_RECORDS = 3;

/**
 * One partition of one group, as an inbox runner works it: now and then it dies after its database
 * transaction and before its offset, and the batch comes again, to another life.
 */
export class SimulatedConsumer {
  #life = 0;
  #started = false;

  constructor(
    private readonly world: World,
    readonly member: Member,
    private readonly handle: (event: AnySeen, record: DataRecord) => void,
  ) {
    this.#take(null);
  }

  /** False when there was nothing to do. */
  step(): boolean {
    const { world } = this;
    const { group, key, partition } = this.member;
    const topic = topics[key].name;
    const { records, end } = world.kafka.poll(group, topic, partition);
    const committed = world.kafka.committed(group, topic, partition);
    if (end <= committed) return false;
    const batch = records.slice(0, 1 + world.dice.below(MOST_RECORDS));
    const next = batch.length === records.length ? end : (batch.at(-1)?.offset ?? 0) + 1;
    if (!this.#started) this.#take(null);
    this.#read(batch);
    for (const record of batch) this.handle(eventIn(record), record);
    if (world.dice.chance(0.05)) {
      this.#life++;
      this.#started = false;
      return true;
    }
    world.kafka.commit(group, { topic, partition }, next);
    this.#ended(next);
    return true;
  }

  get #incarnation(): string {
    return `${this.member.group}-0-${this.#life}`;
  }

  get #where() {
    const { group, key, partition } = this.member;
    return { group, topic: topics[key].name, partition };
  }

  #take(position: number | null): void {
    this.#started = true;
    this.world.record(this.#incarnation, { kind: 'took', ...this.#where, position });
  }

  #read(batch: readonly DataRecord[]): void {
    if (batch.length === 0) return;
    const at = this.world.now();
    const records = batch.map(readOf);
    this.world.record(this.#incarnation, { kind: 'read', ...this.#where, at, records });
  }

  #ended(end: number): void {
    const outcome = 'processed';
    this.world.record(this.#incarnation, { kind: 'ended', ...this.#where, end, outcome });
  }
}

export function eventIn(record: DataRecord): AnySeen {
  const read = readRecord(record);
  if ('why' in read) throw new Error(`${read.record.topic}: ${read.why}`);
  return read;
}

export function readOf(record: DataRecord): ReadRecord {
  return { offset: record.offset, id: record.headers['id'] ?? null, hash: contentHash(record) };
}
