import { kafkaToConsume } from './kafka.js';
import { ReadRecord } from './read.js';
import { readPartition } from './reader.js';
import type { InputRecord } from './record.js';
import type { Connection } from './runner.js';
import { SETTINGS } from './settings.js';
import { SharedAdmin } from './shared-admin.js';

/**
 * What one key has on a topic, in a stretch of time: for people who look at one thing, beside
 * consumers that nobody disturbs.
 *
 * Guarantee: every committed record of the key whose timestamp lies in the stretch, up to the last
 * stable offset; or an error, never a part.
 * A topic has no index by key, so the stretch is read and the others' records are left out. That
 * costs what was written then, so it is short, and more than {@link MOST_RECORDS} are refused.
 * Not promised: a record that a producer with a wrong clock dated outside.
 */
export interface KeyRange {
  readonly topic: string;
  /** The one on which the key lies. */
  readonly partition: number;
  readonly key: string;
  /** Milliseconds since the epoch, as the log keeps them; both ends are in it. */
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface KeyReader {
  read(range: KeyRange): Promise<InputRecord[]>;
  close(): void;
}

/** A second of a busy day, and a few megabytes. */
const MOST_RECORDS = 20_000;

export function keyReader({ brokers, clientId }: Pick<Connection, 'brokers' | 'clientId'>) {
  const { requestTimeoutMs } = SETTINGS;
  const shared = new SharedAdmin(kafkaToConsume({ brokers, clientId, requestTimeoutMs }));
  return {
    read: (range) => readKey(shared, range),
    close: () => shared.close(),
  } satisfies KeyReader;
}

function readKey(shared: SharedAdmin, range: KeyRange): Promise<InputRecord[]> {
  const { topic, partition, key, fromMs, untilMs } = range;
  return shared.ask(async (admin) => {
    const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, fromMs);
    const start = offsets.find((one) => one.partition === partition);
    if (!start) throw new Error(`${topic} has no partition ${partition}`);
    const found: InputRecord[] = [];
    let looked = 0;
    await readPartition(admin, {
      topic,
      partition,
      from: BigInt(start.offset),
      upTo: 'last stable offset',
      isBehind: ({ timestamp }) => Number(timestamp) > untilMs,
      each: (message) => {
        looked += 1;
        if (looked > MOST_RECORDS) throw new Error(`more than ${MOST_RECORDS} records to look at`);
        if (message.key?.toString('utf8') !== key) return;
        found.push(new ReadRecord(topic, partition, message));
      },
    });
    return found;
  });
}
