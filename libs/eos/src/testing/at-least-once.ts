/**
 * What the exactly-once runner does, without Kafka transactions: a record that was in hand when the
 * process died is written again. For the bench, which measures what the guarantee costs; nothing
 * exports it, so that no service can choose it.
 */
import type { EachBatchPayload, Producer } from 'kafkajs';
import type { Delivered } from '../batch-feed.js';
import { GroupMember } from '../group-member.js';
import { kafkaToConsume, kafkaToProduce } from '../kafka.js';
import { sends } from '../outgoing.js';
import type { PartitionStores } from '../partition-stores.js';
import { deadLetterTopic, plan } from '../plan.js';
import { Portions } from '../portions.js';
import type { FetchedBatch, ReadRecord } from '../read.js';
import { Reader } from '../reader.js';
import type { Runner } from '../runner.js';
import { SETTINGS } from '../settings.js';
import type { TransactionalRunnerOptions } from '../transactional-runner.js';

export function atLeastOnceRunner<E>(options: TransactionalRunnerOptions<E>): Runner {
  return new AtLeastOnceRunner(options);
}

class AtLeastOnceRunner implements Runner {
  readonly #options: TransactionalRunnerOptions<unknown>;
  readonly #producer: Producer;
  readonly #reader: Reader;
  readonly #member: GroupMember;
  readonly #stopping = new AbortController();
  readonly #portions = new Portions(SETTINGS);
  readonly #stores = new Map<string, Promise<PartitionStores>>();

  constructor(options: TransactionalRunnerOptions<unknown>) {
    const { connection, topics, group, stores = [] } = options;
    this.#options = options;
    const client = { ...connection, requestTimeoutMs: SETTINGS.requestTimeoutMs };
    const producing = kafkaToProduce(client);
    this.#producer = producing.producer({ allowAutoTopicCreation: false });
    this.#reader = new Reader(producing, this.#stopping.signal);
    this.#member = new GroupMember({
      ...options,
      kafka: kafkaToConsume(client),
      settings: SETTINGS,
      needs: { stores, parked: topics.map((topic) => deadLetterTopic(topic, group)) },
      onAssigned: () => undefined,
      onBatch: (batch, payload) => this.#process(batch, payload),
    });
  }

  async start(): Promise<void> {
    await this.#producer.connect();
    this.#member.start();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#member.stop();
    this.#reader.close();
    await this.#producer.disconnect();
  }

  health() {
    return { ready: this.#member.joined, detail: this.#options.group };
  }

  async #process(batch: FetchedBatch, payload: EachBatchPayload): Promise<Delivered> {
    const stores = await this.#restored(batch);
    let rest: readonly ReadRecord[] = batch.records;
    while (rest.length > 0) {
      const planned = this.#portions.first(rest, (some) => plan(some, this.#options, stores));
      rest = rest.slice(planned.taken.length);
      for (const topicMessages of sends(planned.records, SETTINGS.sendBytes)) {
        await this.#producer.sendBatch({ acks: -1, topicMessages });
      }
      await this.#commit(batch, payload, rest[0]?.offset ?? batch.end);
      stores.keep(planned.changes);
    }
    return 'processed';
  }

  async #commit(
    { topic, partition }: FetchedBatch,
    payload: EachBatchPayload,
    end: bigint,
  ): Promise<void> {
    const partitions = [{ partition, offset: String(end) }];
    await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions }] });
  }

  #restored({ topic, partition }: FetchedBatch): Promise<PartitionStores> {
    const name = `${topic}/${partition}`;
    const fed = (this.#options.stores ?? []).filter(({ fedBy }) => fedBy === topic);
    const restored = this.#stores.get(name) ?? this.#reader.restore(fed, partition);
    this.#stores.set(name, restored);
    return restored;
  }
}
