/**
 * Three processes at work under a load that never stops, struck again and again: killed, or frozen
 * for longer than their session and their Kafka transaction last, at the moments that a seed names.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JavaWitness } from '@checkout/local';
import { asking, committedOf, feeder, topicsFor, until, type TestTopics } from '../kit.js';
import { witnessed } from '../witnessed-log.js';
import { startFleet, type Fleet, type Member } from './fleet.js';
import { keyedLoad, PARTITIONS } from './keyed-load.js';
import { isOfTheStart, strikes, type Strike } from './schedule.js';
import { PAUSE_MS } from './storm-settings.js';
import type { StormWorkerOptions } from './storm-worker.js';
import { judge, type Verdict } from './verdict.js';

export interface StormOptions {
  readonly brokers: readonly string[];
  readonly java: JavaWitness;
  readonly seed: number;
  /** After how many it is over. */
  enough(struck: Struck): boolean;
  /** All of the schedule otherwise. */
  strikes?(strike: Strike): boolean;
  readonly processes?: number;
  readonly workers?: Partial<StormWorkerOptions>;
  /** After each strike. */
  report?(struck: Struck): void;
}

export interface Struck {
  readonly kill: number;
  readonly pause: number;
  /** Of all of them: between the first byte of a send and the answer to EndTxn. */
  readonly inFlight: number;
  /** Whose moment has not come in time: struck all the same. */
  readonly missed: number;
}

export interface Storm extends Verdict {
  readonly struck: Struck;
  /** Kafka transactions that have left outputs which nobody reads. */
  readonly aborted: number;
  /** Processes that have ended by themselves. */
  readonly endings: number;
}

/** A process at work makes each of its requests many times in it, and starts in it. */
const MOMENT_WITHIN_MS = 5_000;
const PATIENT_MS = 60_000;

export async function storm(options: StormOptions): Promise<Storm> {
  const { brokers, java, seed, enough, report, processes = 3, workers = {} } = options;
  const topics = await topicsFor(brokers, { partitions: PARTITIONS });
  const input = await feeder(brokers);
  const fleet = await startFleet({ brokers, topics, processes, workers });
  const load = keyedLoad(brokers, input, topics);
  try {
    const weather = new Weather(fleet, topics);
    await weather.calm();
    for (const strike of strikes(seed)) {
      if (enough(weather.struck)) break;
      if (options.strikes?.(strike) === false) continue;
      await weather.strike(strike);
      report?.(weather.struck);
    }
    await weather.allAwake();
    const sent = await load.stop();
    await allDone(brokers, topics);
    const logs = {
      input: await witnessed(java, topics.input),
      output: await witnessed(java, topics.output),
      changelog: await witnessed(java, topics.changelog),
    };
    const aborted = logs.output.reduce((sum, log) => sum + log.aborted.length, 0);
    const verdict = judge(logs, sent);
    return { ...verdict, struck: weather.struck, aborted, endings: fleet.endings() };
  } finally {
    await load.stop();
    await fleet.stop();
    await input.close();
  }
}

class Weather {
  readonly #fleet: Fleet;
  readonly #topics: TestTopics;
  readonly #pauses = new Set<Promise<void>>();
  #struck: Struck = { kill: 0, pause: 0, inFlight: 0, missed: 0 };

  constructor(fleet: Fleet, topics: TestTopics) {
    this.#fleet = fleet;
    this.#topics = topics;
  }

  get struck(): Struck {
    return this.#struck;
  }

  async strike({ kind, moment, victim, afterMs, waits }: Strike): Promise<void> {
    const member = await this.#chosen(victim, moment !== null);
    const act = (): void => (kind === 'kill' ? this.#kill(member) : this.#freeze(member));
    if (moment === null) {
      await sleep(afterMs);
      act();
    } else {
      const struck = member.proxy.at(moment, MOMENT_WITHIN_MS, act);
      if (isOfTheStart(moment)) this.#kill(member);
      if (!(await struck)) this.#struck = { ...this.#struck, missed: this.#struck.missed + 1 };
    }
    if (waits) await this.calm();
  }

  /** Every partition has moved on, whoever has it. */
  async calm(): Promise<void> {
    const before = this.#commits();
    await until(
      'every partition to move on',
      () => {
        const now = this.#commits();
        return now.size === PARTITIONS && [...now].every(([id, n]) => n > (before.get(id) ?? 0));
      },
      PATIENT_MS,
    );
  }

  async allAwake(): Promise<void> {
    await Promise.all(this.#pauses);
  }

  #kill(member: Member): void {
    this.#count('kill', member);
    member.kill();
  }

  /** Meanwhile the storm goes on: the others take over, and are struck, too. */
  #freeze(member: Member): void {
    this.#count('pause', member);
    member.freeze();
    const pause = sleep(PAUSE_MS).then(() => {
      member.wake();
      this.#pauses.delete(pause);
    });
    this.#pauses.add(pause);
  }

  #count(kind: Strike['kind'], { proxy }: Member): void {
    this.#struck = {
      ...this.#struck,
      [kind]: this.#struck[kind] + 1,
      inFlight: this.#struck.inFlight + (proxy.isInFlight() ? 1 : 0),
    };
  }

  /** Another one at least is up, unless there is none. */
  async #chosen(victim: number, atWork: boolean): Promise<Member> {
    const { members } = this.#fleet;
    let chosen: Member | undefined;
    await until(
      'two that are up, one of them at work',
      () => {
        const up = members.filter((member) => member.isUp);
        const fit = atWork ? up.filter(({ proxy }) => proxy.isAtWork) : up;
        if (up.length >= Math.min(members.length, 2)) chosen = fit[victim % fit.length];
        return chosen !== undefined;
      },
      PATIENT_MS,
    );
    return chosen!;
  }

  /** By partition. */
  #commits(): Map<string, number> {
    const sum = new Map<string, number>();
    for (const { proxy } of this.#fleet.members) {
      for (const [id, n] of proxy.commits) {
        const [partition = ''] = id.split(`${this.#topics.input}.`)[1]?.split('.') ?? [];
        sum.set(partition, (sum.get(partition) ?? 0) + n);
      }
    }
    return sum;
  }
}

/** The group's offsets have reached the ends of the input. */
async function allDone(brokers: readonly string[], topics: TestTopics): Promise<void> {
  const ends = await asking(brokers, (admin) => admin.fetchTopicOffsets(topics.input));
  const isDone = async (): Promise<boolean> => {
    const committed = await committedOf(brokers, topics);
    return ends.every(({ partition, high }) => committed[partition] === Number(high));
  };
  await until('all to be done', isDone, PATIENT_MS);
}
