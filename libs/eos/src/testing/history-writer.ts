import type { Message, Producer, Transaction } from 'kafkajs';
import { kafkaToProduce } from '../kafka.js';
import { PRODUCERS, type DrawnRecord, type Step } from './histories.js';

export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** Plays histories on a real partition, with real producers, one step after the other. */
export class HistoryWriter {
  readonly #kafka;
  readonly #name: string;
  readonly #producers: Producer[] = [];
  readonly #open = new Map<number, Transaction>();
  readonly #outside: Producer;
  #written = 0;

  private constructor(brokers: readonly string[], name: string) {
    this.#kafka = kafkaToProduce({ brokers, clientId: name, requestTimeoutMs: 10_000 });
    this.#name = name;
    this.#outside = this.#kafka.producer({ maxInFlightRequests: 1 });
  }

  static async of(brokers: readonly string[], name: string): Promise<HistoryWriter> {
    const writer = new HistoryWriter(brokers, name);
    await writer.#outside.connect();
    for (let who = 0; who < PRODUCERS; who++) await writer.#begin(who);
    return writer;
  }

  /** What is open at its end is aborted. Returns the offset of its first record. */
  async write(place: Place, history: readonly Step[]): Promise<number> {
    let first = Infinity;
    for (const step of history) {
      if (step.does === 'sends') first = Math.min(first, await this.#send(place, step));
      else await this.#end(step.who, step.does);
    }
    for (const who of [...this.#open.keys()]) await this.#end(who, 'aborts');
    return first;
  }

  async close(): Promise<void> {
    await Promise.all([this.#outside, ...this.#producers].map((one) => one.disconnect()));
  }

  async #send(
    { topic, partition }: Place,
    { who, records }: { who: number | 'nobody'; records: readonly DrawnRecord[] },
  ): Promise<number> {
    const messages = records.map((record) => ({ ...this.#message(record), partition }));
    const sender = who === 'nobody' ? this.#outside : await this.#inTransaction(who);
    const [sent] = await sender.send({ topic, messages });
    return Number(sent?.baseOffset);
  }

  async #inTransaction(who: number): Promise<Transaction> {
    const open = this.#open.get(who) ?? (await this.#producers[who]!.transaction());
    this.#open.set(who, open);
    return open;
  }

  async #end(who: number, does: Exclude<Step['does'], 'sends'>): Promise<void> {
    const open = this.#open.get(who);
    if (!open) return;
    this.#open.delete(who);
    if (does === 'commits') await open.commit();
    else if (does === 'aborts') await open.abort();
    else await this.#begin(who);
  }

  /** A producer with this name: whoever had it before has lost what was open. */
  async #begin(who: number): Promise<void> {
    const transactionalId = `${this.#name}.${who}`;
    const producer = this.#kafka.producer({ transactionalId, maxInFlightRequests: 1 });
    await producer.connect();
    // It asks for its epoch with the first Kafka transaction; of an empty one nobody hears.
    await (await producer.transaction()).abort();
    await this.#producers[who]?.disconnect();
    this.#producers[who] = producer;
  }

  #message({ key, bytes }: DrawnRecord): Message {
    const number = this.#written++;
    const value = number % 10 === 0 ? null : Buffer.alloc(bytes, number);
    return { key, value, headers: number % 3 === 0 ? { number: String(number) } : {} };
  }
}
