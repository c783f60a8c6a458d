/**
 * Reads, decides, writes: exactly once from topic to topic.
 *
 * Guarantee: for each committed input record its outputs, its changes of the stores and the offset
 * that passes it become visible together, once, whatever is killed, stalled or started twice.
 * The failure stories are told where they are prevented: partition-worker.ts (the zombie),
 * partition-stores.ts (the aborted put), batch-feed.ts (the untrusted start), kafka.ts (the shared
 * offset map), and the patches (aborted records that are delivered).
 * Not promised: effects outside Kafka; order between partitions; that decide() runs only once.
 */
import type { Kafka } from 'kafkajs';
import type { Decision, Emit } from './decision.js';
import { guardsOff } from './config.js';
import { GroupMember, type Assignment } from './group-member.js';
import { without, type Guard, type Weaknesses } from './guards-off.js';
import { assertNoneOfOurs, ofThisProcess, type Identities } from './identity.js';
import { kafkaToConsume, kafkaToProduce } from './kafka.js';
import { PartitionOwner } from './partition-owner.js';
import { assertPatched } from './patch-check.js';
import { endsWithin } from './patience.js';
import { deadLetterTopic, type Handler } from './plan.js';
import { Reader } from './reader.js';
import type { InputRecord } from './record.js';
import type { Connection, Health, Log, Runner } from './runner.js';
import type { SessionHooks } from './session.js';
import { assertSettings, SETTINGS, type Settings } from './settings.js';
import type { State, Store } from './store.js';
import { TransactionCounters, type TransactionFigures } from './transaction-figures.js';
import { BugError } from './verdicts.js';

export interface TransactionalRunnerOptions<E> {
  /** Consumer group id, `<service>.<stage>`. */
  readonly group: string;
  readonly topics: readonly string[];
  readonly stores?: readonly Store<never>[];
  readonly connection: Connection;
  readonly log: Log;
  /** Throws when the record can never be read: it is parked with its offset. */
  decode(record: InputRecord): E;
  /**
   * Pure and synchronous: it may run again for the same record after a crash. A PoisonError parks
   * the record; any other error is a bug and ends the process, since a pure function would throw it
   * again.
   */
  decide(event: E, state: State, record: InputRecord): Decision;
  /**
   * What must be said when a record is parked, in the same Kafka transaction. Called for each
   * parked record, whether decode, decide or a Park decision parked it.
   */
  onPark?(record: InputRecord, reason: string): Emit[];
  /**
   * The least time from one Kafka transaction of a partition to its next, in milliseconds; 0, which
   * commits at once, when absent. Waiting makes fewer and larger ones, see docs/commit-interval.md;
   * one that is full is followed at once.
   */
  readonly commitIntervalMs?: number;
  /** The process must end: the runner cannot go on by itself. */
  onFatal(error: Error): void;
}

/** For tests: other numbers, a process of its own, and ways to stall a session. */
export interface Internals extends SessionHooks {
  readonly settings?: Settings;
  readonly identities?: Identities;
  readonly guardsOff?: readonly Guard[];
}

export function transactionalRunner<E>(options: TransactionalRunnerOptions<E>): Runner {
  return new TransactionalRunner(options, { guardsOff: guardsOff(options.log) });
}

export function transactionalRunnerWith<E>(
  internals: Internals,
  options: TransactionalRunnerOptions<E>,
): Runner {
  return new TransactionalRunner(options, internals);
}

class TransactionalRunner implements Runner {
  readonly #options: TransactionalRunnerOptions<unknown>;
  readonly #settings: Settings;
  readonly #hooks: SessionHooks & Weaknesses;
  readonly #identities: Identities;
  readonly #counters = new TransactionCounters();
  #giveBack = (): void => {};
  readonly #owners = new Map<string, PartitionOwner>();
  readonly #stopping = new AbortController();
  readonly #producing: Kafka;
  readonly #reader: Reader;
  readonly #member: GroupMember;

  constructor(options: TransactionalRunnerOptions<unknown>, internals: Internals) {
    const { connection, topics, stores = [] } = options;
    assertStores(options);
    assertInterval(options);
    this.#options = options;
    this.#settings = internals.settings ?? SETTINGS;
    this.#hooks = { ...without(internals.guardsOff ?? []), ...internals };
    this.#identities = internals.identities ?? ofThisProcess;
    assertSettings(this.#settings);
    const client = { ...connection, requestTimeoutMs: this.#settings.requestTimeoutMs };
    this.#producing = kafkaToProduce(client);
    this.#reader = new Reader(this.#producing, this.#stopping.signal);
    this.#member = new GroupMember({
      ...options,
      kafka: kafkaToConsume(client),
      settings: this.#settings,
      readUncommitted: this.#hooks.readUncommitted,
      needs: { stores, parked: topics.map((topic) => deadLetterTopic(topic, options.group)) },
      onAssigned: (assignment) => this.#assigned(assignment),
      onBatch: async (batch) =>
        (await this.#owners.get(key(batch.topic, batch.partition))?.feed.deliver(batch)) ??
        'dropped',
      onFatal: (error) => options.onFatal(error),
    });
  }

  async start(): Promise<void> {
    if (!this.#hooks.anyClient) assertPatched();
    assertNoneOfOurs(this.#options);
    this.#giveBack = this.#identities.take(this.#options);
    this.#member.start();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const released = Promise.all([...this.#owners.values()].map((owner) => owner.release()));
    const ended = Promise.all([released, this.#member.stop()]);
    this.#reader.close();
    this.#giveBack();
    if (!(await endsWithin(this.#settings.stopMs, ended))) {
      const { group, log } = this.#options;
      log.warn(
        { group },
        `${group} stopped in the middle: what is open will be aborted by its successor`,
      );
    }
  }

  figures(): TransactionFigures {
    return this.#counters.figures(this.#options.group);
  }

  health(): Health {
    if (!this.#member.joined) return { ready: false, detail: `${this.#options.group}: joining` };
    const owners = [...this.#owners.values()];
    const waiting = owners.filter((owner) => !owner.ready).length;
    const detail =
      waiting > 0 ? `${waiting} of ${owners.length} being restored` : `${owners.length}`;
    return { ready: waiting === 0, detail: `${this.#options.group}: ${detail} partitions` };
  }

  /**
   * Partitions we keep go on under their epoch: as long as it is valid nobody else has been there.
   */
  #assigned(assignment: Assignment): void {
    const assigned = new Set<string>();
    for (const [topic, partitions] of assignment) {
      for (const partition of partitions) {
        const name = key(topic, partition);
        assigned.add(name);
        if (!this.#owners.has(name)) this.#owners.set(name, this.#owner(topic, partition));
      }
    }
    for (const [name, owner] of this.#owners) {
      if (assigned.has(name)) owner.assigned();
      else {
        this.#owners.delete(name);
        void owner.release();
      }
    }
  }

  #owner(topic: string, partition: number): PartitionOwner {
    const { group, stores = [], log, connection, commitIntervalMs = 0 } = this.#options;
    return new PartitionOwner(
      { group, topic, partition },
      {
        kafka: this.#producing,
        reader: this.#reader,
        handler: this.#options satisfies Handler<unknown>,
        stores: stores.filter((store) => store.fedBy === topic),
        settings: this.#settings,
        commitIntervalMs,
        log,
        observer: connection.observer,
        hooks: this.#hooks,
        counters: this.#counters,
        seek: (offset) => this.#member.seek(topic, partition, offset),
        onFatal: (error) => this.#member.end(error),
      },
    );
  }
}

/** Whose keys are whose: a store has its changelog for itself, and is fed by what is read. */
function assertStores({ group, topics, stores = [] }: TransactionalRunnerOptions<unknown>): void {
  const strays = stores.filter((store) => !topics.includes(store.fedBy));
  if (strays.length > 0) {
    const names = strays.map((store) => `${store.name} (fed by ${store.fedBy})`);
    throw new BugError(`${group} does not read what feeds ${names.join(', ')}`);
  }
  for (const what of ['name', 'changelog'] as const) {
    const twice = stores.find((one, i) => stores.findIndex((s) => s[what] === one[what]) !== i);
    if (twice) throw new BugError(`${group} has two stores with the ${what} ${twice[what]}`);
  }
}

/** A stop, and a partition that goes to somebody else, wait for one at most. */
const LONGEST_INTERVAL_MS = 1_000;

function assertInterval({ group, commitIntervalMs = 0 }: TransactionalRunnerOptions<unknown>) {
  const isFit = Number.isInteger(commitIntervalMs) && commitIntervalMs >= 0;
  if (isFit && commitIntervalMs <= LONGEST_INTERVAL_MS) return;
  throw new BugError(
    `${group}: commitIntervalMs is ${commitIntervalMs}, ` +
      `expected a whole number from 0 to ${LONGEST_INTERVAL_MS}`,
  );
}

const key = (topic: string, partition: number): string => `${topic}/${partition}`;
