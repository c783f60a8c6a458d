import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { JavaPrograms } from './java-programs.js';
import type { Judged, State, StockJudged } from './verdict.js';

/** What a side reads and writes. */
export interface Topics {
  readonly group: string;
  readonly input: string;
  readonly output: string;
  readonly changelog: string;
}

export interface PaceOptions {
  readonly first: number;
  readonly customers: number;
  /** At a steady rate, or with so many on their way at any time. */
  readonly load: { readonly perSecond: number } | { readonly onTheirWay: number };
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

export interface Paced {
  readonly sent: number;
  readonly arrived: number;
  /** The longest time for which each partition said nothing, in milliseconds since 1970. */
  readonly silences: readonly { readonly from: number; readonly until: number }[];
  readonly waitsMs: readonly number[];
}

const END = 'end of answer';

/** The Java program that makes topics, loads, watches and judges: no side measures itself. */
export class BenchClient {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string, undefined>;

  constructor(programs: JavaPrograms, broker: string) {
    const [java, ...args] = programs.command('BenchClient', [broker]);
    const child = spawn(java, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process = child;
    this.#lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  }

  async topic(name: string, use: 'delete' | 'compact' | 'parked'): Promise<void> {
    await this.#ask('topic', name, use);
  }

  async load(topic: string, first: number, load: { count: number; customers: number }) {
    await this.#ask('load', topic, first, load.count, load.customers);
  }

  /** What lies in a file, one record a line: partition, key, value and headers, between tabs. */
  async send(topic: string, file: string): Promise<void> {
    await this.#ask('send', topic, file);
  }

  /** Of each static member its partitions, as the broker knows them. */
  async members(group: string): Promise<ReadonlyMap<string, readonly number[]>> {
    const lines = await this.#ask('members', group);
    return new Map(lines.map(([, member = '', ...partitions]) => [member, partitions.map(Number)]));
  }

  /** What came to the inventory stage, and from it, since it was last asked. */
  async stock({ input, output, changelog }: Topics): Promise<StockJudged> {
    const lines = await this.#ask('stock', input, output, changelog);
    const [counts = [], byPartition = [], first] = lines.map((line) => line.slice(1));
    const [inputs = NaN, outputs = NaN, wrong = NaN] = counts.map(Number);
    const firstWrong = first?.join(' ');
    return { inputs, outputs, wrong, byPartition: byPartition.map(Number), firstWrong };
  }

  /** Resolves when the group has committed all its input and its output can be read. */
  async drained({ group, input, output }: Topics): Promise<void> {
    await this.#ask('drained', group, input, output);
  }

  async delete(topic: string): Promise<void> {
    await this.#ask('delete', topic);
  }

  /** All since the start of the topics, whatever was deleted since it was last asked. */
  async judge({ input, output }: Topics): Promise<Judged> {
    const [counts = [], first] = await this.#ask('judge', input, output);
    const [inputs, outputs, wrong, endings] = counts.slice(1).map(Number);
    return {
      inputs: inputs ?? NaN,
      outputs: outputs ?? NaN,
      wrong: wrong ?? NaN,
      endings: endings ?? NaN,
      digest: counts[5] ?? '',
      firstWrong: first?.slice(1).join(' '),
    };
  }

  async state({ input, output, changelog }: Topics): Promise<State> {
    const [[, keys, customers, differ] = []] = await this.#ask('state', input, output, changelog);
    return { keys: Number(keys), customers: Number(customers), differ: Number(differ) };
  }

  /** A load over one hop. Resolves when all has arrived, or when it is given up. */
  async pace({ input, output }: Topics, options: PaceOptions): Promise<Paced> {
    const { first, customers, load, seconds, warmUpSeconds } = options;
    const perSecond = 'perSecond' in load ? load.perSecond : 0;
    const window = 'onTheirWay' in load ? load.onTheirWay : 0;
    const numbers = [first, customers, perSecond, seconds, warmUpSeconds, window];
    const lines = await this.#ask('pace', input, output, ...numbers);
    const said = (what: string): number[][] =>
      lines.filter(([word]) => word === what).map(([, ...rest]) => rest.map(Number));
    const [[sent = NaN, arrived = NaN] = []] = said('counted');
    return {
      sent,
      arrived,
      silences: said('silent').map(([, from = NaN, until = NaN]) => ({ from, until })),
      waitsMs: said('waited').flatMap((micros) => micros.map((one) => one / 1_000)),
    };
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.stdin?.end();
    await ended;
  }

  /** Its lines, word by word; one question at a time. */
  async #ask(...words: readonly (string | number)[]): Promise<string[][]> {
    this.#process.stdin?.write(`${words.join(' ')}\n`);
    const answer: string[][] = [];
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`the Java program ended over: ${words.join(' ')}`);
      if (value === END) return answer;
      answer.push(value.split(' '));
    }
  }
}
