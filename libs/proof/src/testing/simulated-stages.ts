import { changelogs, topics } from '@checkout/events';
import type { DataRecord } from '../evidence/kafka-log.js';
import { BookModel } from '../model/book.js';
import { FraudModel } from '../model/fraud.js';
import { JoinModel } from '../model/join.js';
import type { Answer } from '../model/output.js';
import { split } from '../model/split.js';
import { StockModel } from '../model/stock.js';
import { written } from './owed-records.js';
import { eventIn, members, readOf, type Member } from './simulated-consumers.js';
import type { Transaction } from './simulated-kafka.js';
import type { World } from './simulated-world.js';

type Decide = (record: DataRecord) => Answer;

/** The stages from topic to topic, each partition under a transactional id of its own. */
export function simulatedStages(world: World): SimulatedStage[] {
  const stock = new StockModel();
  const fraud = new FraudModel();
  const join = new JoinModel();
  const book = new BookModel();
  const decided: readonly (readonly [Member[], Decide])[] = [
    [
      members('enrichment.split', ['outboxOrder', 'outboxCatalogue', 'outboxPayment']),
      (record) => ({ owed: split(eventIn(record) as never), puts: [] }),
    ],
    [
      members('enrichment.inventory', ['inventory']),
      (record) => stock.answer(eventIn(record) as never),
    ],
    [members('enrichment.fraud', ['fraud']), (record) => fraud.answer(eventIn(record) as never)],
    [members('enrichment.checks', ['checks']), (record) => join.answer(eventIn(record) as never)],
    [
      members('ledger.book', ['outboxPayment']),
      (record) => ({ owed: book.answer(eventIn(record) as never), puts: [] }),
    ],
  ];
  return decided.flatMap(([all, decide]) =>
    all.map((member) => new SimulatedStage(world, member, decide)),
  );
}

interface Chunk {
  readonly records: readonly DataRecord[];
  readonly answers: readonly Answer[];
  readonly end: number;
}

const MOST_RECORDS = 3;

/**
 * Reads a few records, decides, writes in a Kafka transaction; and now and then aborts it and does
 * it again, or is replaced in the middle of it. Other producers write in between.
 */
export class SimulatedStage {
  #chunk: Chunk | null = null;
  #open: Transaction | null = null;
  #life = 0;
  #started = false;

  constructor(
    private readonly world: World,
    private readonly member: Member,
    private readonly decide: Decide,
  ) {}

  step(): boolean {
    if (this.#open) return this.#finish(this.#open, this.#chunk);
    this.#chunk ??= this.#next();
    if (!this.#chunk) return false;
    this.#write(this.#chunk);
    return true;
  }

  #next(): Chunk | null {
    const { world } = this;
    const { group, topic, partition } = this.#where;
    const { records, end } = world.kafka.poll(group, topic, partition);
    if (records.length === 0) return null;
    const batch = records.slice(0, 1 + world.dice.below(MOST_RECORDS));
    const next = batch.length === records.length ? end : (batch.at(-1)?.offset ?? 0) + 1;
    return { records: batch, answers: batch.map(this.decide), end: next };
  }

  #write({ records, answers }: Chunk): void {
    const { world } = this;
    const where = this.#where;
    if (!this.#started) {
      this.#started = true;
      const position = world.kafka.committed(where.group, where.topic, where.partition);
      world.record(this.#incarnation, { kind: 'took', ...where, position });
    }
    const at = world.now();
    world.record(this.#incarnation, { kind: 'read', ...where, at, records: records.map(readOf) });
    this.#open = world.kafka.begin(this.#transactionalId);
    for (const { owed, puts } of answers) {
      for (const due of owed) this.#open.send(written(due));
      for (const { store, key, value } of puts) {
        this.#open.send({
          ...{ topic: changelogs[store].name, partition: where.partition, key, headers: {} },
          value: value === null ? null : JSON.stringify(value),
        });
      }
    }
  }

  #finish(open: Transaction, chunk: Chunk | null): boolean {
    const { kafka, dice } = this.world;
    const where = this.#where;
    const end = chunk?.end ?? 0;
    this.#open = null;
    if (dice.chance(0.1)) {
      open.abort();
      this.world.record(this.#incarnation, { kind: 'ended', ...where, end, outcome: 'aborted' });
      kafka.fence(this.#transactionalId);
      this.#started = false;
      return true;
    }
    if (dice.chance(0.05)) {
      // Killed: the successor fences, which aborts, and reads from the committed offset.
      kafka.fence(this.#transactionalId);
      this.#life++;
      this.#started = false;
      return true;
    }
    open.commit();
    kafka.commit(where.group, where, end);
    this.world.record(this.#incarnation, { kind: 'ended', ...where, end, outcome: 'committed' });
    this.#chunk = null;
    return true;
  }

  get #where() {
    const { group, key, partition } = this.member;
    return { group, topic: topics[key].name, partition };
  }

  get #incarnation(): string {
    const { group, key, partition } = this.member;
    return `${group}-${key}-${partition}-${this.#life}`;
  }

  get #transactionalId(): string {
    const { group, topic, partition } = this.#where;
    return `${group}.${topic}.${partition}`;
  }
}
