import { setTimeout as sleep } from 'node:timers/promises';
import { checksum } from '@checkout/local';
import type { OutputRecord } from '../../record.js';
import { kafkaOf, until, type Feeder, type TestTopics } from '../kit.js';

/**
 * A load that never stops: numbered records of a few keys in each partition, and between them
 * records that are rolled back, which nobody may ever act on.
 */
export const PARTITIONS = 4;
const KEYS_A_PARTITION = 5;
const RECORDS_A_ROUND = 3;
const EVERY_MS = 80;
/** One in eight is so large that the client hands its batch to the socket as it is. */
const ABOUT = ['x'.repeat(20_000), '', '', '', '', '', '', ''];
/** Counted by the engine, when it reads one. */
const GHOST = 'ghost';

export interface Counted {
  readonly count: number;
}

/** What a worker must say to the record of this number. */
export interface Said extends Counted {
  readonly key: string;
  readonly number: number;
}

/** The outputs of one key lie in one partition, those of one partition in all. */
export function outputOf({ key, number, count }: Said): Omit<OutputRecord, 'topic'> {
  const [partition = 0, index = 0] = key.split('.').map(Number);
  return {
    partition: (partition + (Number.isNaN(index) ? 0 : index)) % PARTITIONS,
    key,
    value: Buffer.from(JSON.stringify({ number, count, about: ABOUT[number % ABOUT.length] })),
    headers: {},
  };
}

export const keyOf = (partition: number, nth: number): string =>
  `${partition}.${nth % KEYS_A_PARTITION}`;
export const numberOf = (nth: number): number => Math.floor(nth / KEYS_A_PARTITION);
export const ghostOf = (partition: number): string => `${partition}.${GHOST}`;

export const contentOf = (key: string, value: unknown): number =>
  checksum({ key: Buffer.from(key), value: Buffer.from(JSON.stringify(value)), headers: [] });

export interface Sent {
  /** In each partition. */
  readonly records: number;
  /** Rolled back, in each partition. */
  readonly ghosts: number;
}

export interface Load {
  stop(): Promise<Sent>;
}

export function keyedLoad(
  brokers: readonly string[],
  input: Feeder,
  { input: topic }: TestTopics,
): Load {
  let isHaunted = true;
  let isFed = true;
  let records = 0;
  let ghosts = 0;

  async function feed(): Promise<void> {
    while (isFed) {
      const next = sleep(EVERY_MS);
      const round = Array.from({ length: PARTITIONS * RECORDS_A_ROUND }, (_, i) => {
        const [partition, nth] = [i % PARTITIONS, records + Math.floor(i / PARTITIONS)];
        return { partition, key: keyOf(partition, nth), value: String(numberOf(nth)) };
      });
      await input.send(topic, round);
      records += RECORDS_A_ROUND;
      await next;
    }
  }

  async function haunt(): Promise<void> {
    const producer = kafkaOf(brokers).producer({
      ...{ transactionalId: `${topic}.${GHOST}`, maxInFlightRequests: 1 },
    });
    await producer.connect();
    while (isHaunted) {
      const open = await producer.transaction();
      const messages = Array.from({ length: PARTITIONS }, (_, partition) => ({
        ...{ partition, key: ghostOf(partition), value: String(ghosts) },
      }));
      await open.send({ topic, messages });
      ghosts += 1;
      await sleep(EVERY_MS);
      await open.abort();
    }
    await producer.disconnect();
  }

  const [feeding, haunting] = [feed(), haunt()];
  /** The last records lie behind the last marker: who has passed them has passed all. */
  const end = async (): Promise<Sent> => {
    isHaunted = false;
    await haunting;
    const before = records;
    await until('a last round', () => records > before + RECORDS_A_ROUND);
    isFed = false;
    await feeding;
    return { records, ghosts };
  };
  let ended: Promise<Sent> | undefined;
  return { stop: () => (ended ??= end()) };
}
