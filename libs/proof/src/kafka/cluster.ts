import { setTimeout as pause } from 'node:timers/promises';
import { Connection, type Api } from './connection.js';
import { answered, isPassing } from './error-codes.js';
import type { Reader } from './wire.js';
import { Writer } from './wire.js';

/**
 * The brokers of one cluster: who leads which partition, who coordinates which group.
 *
 * The judge reads Kafka by a client of its own and not by the one that the services use: a fault of
 * theirs, such as a filter that lets aborted records through, must not blind their judge too.
 */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface Partition extends TopicPartition {
  readonly leader: number;
}

const METADATA: Api = { name: 'Metadata', key: 3, version: 8, flexible: false };
const FIND_COORDINATOR: Api = { name: 'FindCoordinator', key: 10, version: 2, flexible: false };
const GROUP_KEY = 0;

/** A broker that was just started needs a few seconds to lead its partitions again. */
const READY_WITHIN_MS = 20_000;
const ASK_AGAIN_AFTER_MS = 250;

/**
 * Connects, asks and closes. When a broker says that it is not the one to ask, or not yet, all of
 * it is done again with what the cluster knows then.
 */
export async function withCluster<T>(
  brokers: readonly string[],
  ask: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const cluster = await Cluster.connect(brokers);
    try {
      return await ask(cluster);
    } catch (error) {
      if (!isPassing(error) || performance.now() > deadline) throw error;
    } finally {
      await cluster.close();
    }
    await pause(ASK_AGAIN_AFTER_MS);
  }
}

interface Broker {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

export class Cluster {
  readonly #bootstrap: Connection;
  readonly #brokers: ReadonlyMap<number, Broker>;
  readonly #connections = new Map<number, Promise<Connection>>();
  readonly partitions: readonly Partition[];

  private constructor(bootstrap: Connection, metadata: Metadata) {
    this.#bootstrap = bootstrap;
    this.#brokers = new Map(metadata.brokers.map((broker) => [broker.id, broker]));
    this.partitions = metadata.partitions;
  }

  /** Asks the first of the brokers that answers. */
  static async connect(brokers: readonly string[]): Promise<Cluster> {
    const failures: string[] = [];
    for (const broker of brokers) {
      try {
        const bootstrap = await openTo(broker);
        return new Cluster(bootstrap, await metadataFrom(bootstrap));
      } catch (error) {
        failures.push((error as Error).message);
      }
    }
    throw new Error(failures.join('; '));
  }

  get brokerIds(): readonly number[] {
    return [...this.#brokers.keys()];
  }

  async send(broker: number, api: Api, body: Writer): Promise<Reader> {
    return (await this.#connectionTo(broker)).send(api, body);
  }

  async coordinatorOf(group: string): Promise<number> {
    const body = new Writer().string(group).int8(GROUP_KEY);
    const reader = await this.#bootstrap.send(FIND_COORDINATOR, body);
    reader.int32(); // throttle
    answered(reader.int16(), `finding the coordinator of group ${group}`);
    reader.nullableString();
    return reader.int32();
  }

  async close(): Promise<void> {
    this.#bootstrap.close();
    const opened = await Promise.allSettled(this.#connections.values());
    for (const one of opened) if (one.status === 'fulfilled') one.value.close();
  }

  #connectionTo(id: number): Promise<Connection> {
    const known = this.#connections.get(id);
    if (known) return known;
    const broker = this.#brokers.get(id);
    if (!broker) throw new Error(`Kafka names broker ${id} and not where it is`);
    const opened = Connection.open(broker.host, broker.port);
    this.#connections.set(id, opened);
    return opened;
  }
}

function openTo(broker: string): Promise<Connection> {
  const at = broker.lastIndexOf(':');
  return Connection.open(broker.slice(0, at), Number(broker.slice(at + 1)));
}

interface Metadata {
  readonly brokers: readonly Broker[];
  readonly partitions: readonly Partition[];
}

async function metadataFrom(connection: Connection): Promise<Metadata> {
  const allTopics = new Writer().int32(-1);
  const reader = await connection.send(
    METADATA,
    allTopics.boolean(false).boolean(false).boolean(false),
  );
  reader.int32(); // throttle
  const brokers = reader.array((r) => {
    const broker = { id: r.int32(), host: r.string(), port: r.int32() };
    r.nullableString(); // rack
    return broker;
  });
  reader.nullableString(); // cluster id
  reader.int32(); // controller
  return { brokers, partitions: reader.array(topicMetadata).flat() };
}

function topicMetadata(reader: Reader): Partition[] {
  const error = reader.int16();
  const topic = reader.string();
  answered(error, `the metadata of topic ${topic}`);
  reader.boolean(); // internal
  const partitions = reader.array((r) => {
    answered(r.int16(), `the metadata of topic ${topic}`);
    const found = { topic, partition: r.int32(), leader: r.int32() };
    r.int32(); // leader epoch
    for (let list = 0; list < REPLICA_LISTS; list++) r.array((one) => one.int32());
    return found;
  });
  reader.int32(); // authorized operations
  return partitions;
}

/** All replicas, those in sync, those offline. */
const REPLICA_LISTS = 3;
