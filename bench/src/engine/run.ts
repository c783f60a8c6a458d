import { now } from '../open-loop.js';
import type { Paced, PaceOptions } from './bench-client.js';
import type { Side } from './side.js';
import { assertRight, assertState, type Judged } from './verdict.js';
import type { Workbench } from './workbench.js';

/** What a side did with a load, and what it cost it and the broker. */
export interface Figures {
  readonly perSecond: number;
  /** Microseconds of processor time a record. */
  readonly cpuMicros: number;
  readonly brokerMicros: number;
  /** Ends of Kafka transactions, of each partition; 0 without any. */
  readonly endings: number;
}

/**
 * One side and all that it was given. No figure comes out of it that was not judged: after each
 * load every output is read by an independent reader and held against its input.
 */
export class Run {
  readonly side: Side;
  readonly #bench: Workbench;
  readonly #customers: number;
  #given = 0;
  #endings = 0;

  constructor(bench: Workbench, side: Side, customers: number) {
    this.#bench = bench;
    this.side = side;
    this.#customers = customers;
  }

  get given(): number {
    return this.#given;
  }

  /** All at once: how fast it goes when nobody waits for it to be asked. */
  async burst(count: number): Promise<Figures> {
    const { client } = this.#bench;
    this.side.hold();
    await client.load(this.side.topics.input, this.#given, { count, customers: this.#customers });
    this.#given += count;
    const before = this.#cpu();
    const begun = now();
    this.side.letGo();
    await client.drained(this.side.topics);
    const seconds = (now() - begun) / 1_000;
    const figures = { perSecond: count / seconds, ...this.#cost(before, count) };
    return { ...figures, endings: await this.#judged() };
  }

  /** With a producer and a reader at work. `meanwhile` may do to the side what it likes. */
  async pace(
    pace: Pick<PaceOptions, 'load' | 'seconds' | 'warmUpSeconds'>,
    meanwhile: () => Promise<void> = () => Promise.resolve(),
  ): Promise<Paced & Omit<Figures, 'perSecond'>> {
    const { client } = this.#bench;
    const before = this.#cpu();
    const options = { first: this.#given, customers: this.#customers, ...pace };
    const [paced] = await Promise.all([client.pace(this.side.topics, options), meanwhile()]);
    const cost = this.#cost(before, paced.sent);
    this.#given += paced.sent;
    await client.drained(this.side.topics);
    return { ...paced, ...cost, endings: await this.#judged() };
  }

  /** Returns the ends of Kafka transactions since it was last judged. */
  async #judged(): Promise<number> {
    const before = this.#endings;
    this.#endings = (await this.judge()).endings;
    return this.#endings - before;
  }

  /** Throws unless all is right; what was judged is deleted. */
  async judge(): Promise<Judged> {
    const { client } = this.#bench;
    const { name, topics } = this.side;
    const judged = await client.judge(topics);
    assertRight(name, judged, this.#given);
    await client.delete(topics.input);
    await client.delete(topics.output);
    return judged;
  }

  async judgeState(): Promise<void> {
    assertState(this.side.name, await this.#bench.client.state(this.side.topics));
  }

  #cpu(): readonly [side: number, broker: number] {
    return [this.side.cpuSeconds(), this.#bench.brokerCpuSeconds()];
  }

  #cost([side, broker]: readonly [number, number], records: number) {
    const [sideNow, brokerNow] = this.#cpu();
    return {
      cpuMicros: ((sideNow - side) * 1e6) / records,
      brokerMicros: ((brokerNow - broker) * 1e6) / records,
    };
  }
}
