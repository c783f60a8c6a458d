import type { Kafka, Message } from 'kafkajs';
import { asking, kafkaOf, until } from './kit.js';

/** A Kafka transaction in partition 0 that a test ends when it likes. */
export async function beginning(kafka: Kafka, transactionalId: string) {
  const producer = kafka.producer({ transactionalId, maxInFlightRequests: 1 });
  await producer.connect();
  const open = await producer.transaction();
  const write = async (topic: string, messages: readonly Message[]): Promise<void> => {
    await open.send({ topic, messages: messages.map((one) => ({ ...one, partition: 0 })) });
  };
  return {
    send: (topic: string, ...values: unknown[]): Promise<void> =>
      write(
        topic,
        values.map((value) => ({ key: String(value), value: JSON.stringify(value) })),
      ),
    /** As a changelog holds them: null removes. */
    put: (topic: string, changes: Readonly<Record<string, unknown>>): Promise<void> =>
      write(
        topic,
        Object.entries(changes).map(([key, value]) => ({
          ...{ key, value: value === null ? null : JSON.stringify(value) },
        })),
      ),
    commit: () => open.commit().finally(() => producer.disconnect()),
    abort: () => open.abort().finally(() => producer.disconnect()),
  };
}

/** An end is answered before its marker is written, and until then nobody reads past it. */
export async function logEndsAt(
  brokers: readonly string[],
  topic: string,
  end: string,
): Promise<void> {
  const from = { topic, partition: 0, offset: '0' };
  await until(`${topic} to end at ${end}`, () =>
    asking(brokers, async (admin) => (await admin.fetchRecords(from)).highWatermark === end),
  );
}

/** The log: a1 b1 a2 | b aborted | a aborted | c1 committed | d1 open. */
export async function interleavedAborts(
  brokers: readonly string[],
  topic: string,
): Promise<{ end(): Promise<void> }> {
  const kafka = kafkaOf(brokers);
  const begin = (name: string) => beginning(kafka, `${topic}.${name}`);
  const [a, b, c, d] = [await begin('a'), await begin('b'), await begin('c'), await begin('d')];
  await a.send(topic, 'a1');
  await b.send(topic, 'b1');
  await a.send(topic, 'a2');
  await b.abort();
  await logEndsAt(brokers, topic, '4');
  await a.abort();
  await logEndsAt(brokers, topic, '5');
  await c.send(topic, 'c1');
  await c.commit();
  await d.send(topic, 'd1');
  return { end: d.commit };
}
