import { changelogs, deadLetterTopics, topics, type EncodedRecord } from '@checkout/events';
import type { DataRecord, KafkaEvidence } from '../evidence/kafka-log.js';
import type { Mutable } from './draft.js';

export type Written = Pick<EncodedRecord, 'topic' | 'partition' | 'key' | 'headers'> & {
  readonly value: string | null;
};

type Log = Mutable<KafkaEvidence['logs'][number]>;

interface Producer {
  readonly id: bigint;
  epoch: number;
}

/**
 * A broker in memory: logs with offsets, Kafka transactions that interleave and end by markers, and
 * consumers that see what is committed, up to the first record of what is open.
 */
export class SimulatedKafka {
  readonly #logs = new Map<string, Log>();
  readonly #producers = new Map<string, Producer>();
  readonly #offsets = new Map<string, number>();
  readonly #open = new Set<Transaction>();
  readonly #aborted = new Set<DataRecord>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
    const all = [...Object.values(topics), ...Object.values(changelogs)];
    for (const { name, partitions } of all) this.#create(name, partitions);
    for (const name of deadLetterTopics) this.#create(name, 1);
  }

  begin(transactionalId: string): Transaction {
    const producer = this.#producer(transactionalId);
    const open = new Transaction(this, producer.id, producer.epoch);
    this.#open.add(open);
    return open;
  }

  /** A successor under the same name: the epoch rises, and what was open is aborted. */
  fence(transactionalId: string): void {
    const producer = this.#producer(transactionalId);
    producer.epoch++;
    for (const open of this.#open) {
      if (open.producerId === producer.id)
        this.end(open, { ending: 'abort', epoch: producer.epoch });
    }
  }

  append(open: Transaction, { topic, partition, key, value, headers }: Written): void {
    const log = this.#log(topic, partition);
    const { producerId, epoch } = open;
    const record: Mutable<DataRecord> = {
      ...{ topic, partition, offset: log.end++, producerId, epoch, transactional: true },
      ...{ timestamp: this.#now(), key, value, headers: { ...headers } },
    };
    log.records.push(record);
    open.written.push(record);
  }

  end(open: Transaction, { ending, epoch }: { ending: 'commit' | 'abort'; epoch: number }): void {
    if (!this.#open.delete(open)) throw new Error('that Kafka transaction has ended');
    if (ending === 'abort') for (const record of open.written) this.#aborted.add(record);
    const touched = new Set(open.written.map(({ topic, partition }) => `${topic} ${partition}`));
    for (const name of touched) {
      const [topic = '', partition] = name.split(' ');
      const log = this.#log(topic, Number(partition));
      const { producerId } = open;
      log.markers.push({ offset: log.end++, producerId, epoch, ending, timestamp: this.#now() });
    }
  }

  /** What a group would be handed next, and the offset behind it. */
  poll(group: string, topic: string, partition: number): { records: DataRecord[]; end: number } {
    const log = this.#log(topic, partition);
    const from = this.committed(group, topic, partition);
    if (log.end === from) return { records: [], end: from };
    const end = this.#lastStable(log);
    const records = log.records.filter(
      (record) => record.offset >= from && record.offset < end && !this.#aborted.has(record),
    );
    return { records, end };
  }

  commit(group: string, { topic, partition }: Where, offset: number): void {
    this.#offsets.set(`${group} ${topic} ${partition}`, offset);
  }

  committed(group: string, topic: string, partition: number): number {
    return this.#offsets.get(`${group} ${topic} ${partition}`) ?? 0;
  }

  evidence(): KafkaEvidence {
    return {
      logs: [...this.#logs.values()].map((log) => ({ ...log, lastStable: this.#lastStable(log) })),
      groups: [...this.#offsets].map(([name, committed]) => {
        const [group = '', topic = '', partition] = name.split(' ');
        return { group, topic, partition: Number(partition), committed };
      }),
      open: [],
      producers: [...this.#producers].map(([transactionalId, { id, epoch }]) => {
        return { transactionalId, producerId: id, epoch };
      }),
    };
  }

  #create(topic: string, partitions: number): void {
    for (let partition = 0; partition < partitions; partition++) {
      const empty = { start: 0, lastStable: 0, end: 0, records: [], markers: [] };
      this.#logs.set(`${topic}-${partition}`, { topic, partition, ...empty });
    }
  }

  #log(topic: string, partition: number): Log {
    const log = this.#logs.get(`${topic}-${partition}`);
    if (!log) throw new Error(`there is no ${topic}-${partition}`);
    return log;
  }

  #producer(transactionalId: string): Producer {
    const known = this.#producers.get(transactionalId);
    if (known) return known;
    const producer = { id: BigInt(this.#producers.size + 1), epoch: 0 };
    this.#producers.set(transactionalId, producer);
    return producer;
  }

  #lastStable({ topic, partition, end }: Log): number {
    const firsts = [...this.#open].flatMap(({ written }) =>
      written
        .filter((record) => record.topic === topic && record.partition === partition)
        .map(({ offset }) => offset),
    );
    return Math.min(end, ...firsts);
  }
}

interface Where {
  readonly topic: string;
  readonly partition: number;
}

export class Transaction {
  readonly written: DataRecord[] = [];

  constructor(
    private readonly kafka: SimulatedKafka,
    readonly producerId: bigint,
    readonly epoch: number,
  ) {}

  send(record: Written): void {
    this.kafka.append(this, record);
  }

  commit(): void {
    this.kafka.end(this, { ending: 'commit', epoch: this.epoch });
  }

  abort(): void {
    this.kafka.end(this, { ending: 'abort', epoch: this.epoch });
  }
}
