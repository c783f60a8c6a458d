import { checksum } from '@checkout/local';
import type { Feeder, TestTopics } from './kit.js';
import type { WitnessedLog } from './witnessed-log.js';

/**
 * One record for each partition, again and again, each of them another; and what counting workers
 * must have made of it, record for record.
 */
export function numberedLoad(input: Feeder, topics: TestTopics, partitions: number) {
  const EVERY_MS = 50;
  const stopping = new AbortController();
  let rounds = 0;

  const done = (async () => {
    while (!stopping.signal.aborted) {
      const next = new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      const records = Array.from({ length: partitions }, (_, partition) => {
        const name = nameOf(partition, rounds);
        return { partition, key: name, value: name };
      });
      await input.send(topics.input, records);
      rounds += 1;
      await next;
    }
  })();

  return {
    /** How many records each partition has. */
    stop: async (): Promise<number> => {
      stopping.abort();
      await done;
      return rounds;
    },
  };
}

const nameOf = (partition: number, round: number): string => `${partition}-${round}`;

export interface Difference {
  readonly duplicated: number;
  readonly lost: number;
  /** Places at which another output stands than the one whose turn it is. */
  readonly outOfTurn: number;
}

/** What Kafka's own client is shown of the outputs, against each input once and in its turn. */
export function differenceOf(outputs: readonly WitnessedLog[], rounds: number): Difference {
  const sum = { duplicated: 0, lost: 0, outOfTurn: 0 };
  outputs.forEach(({ visible }, partition) => {
    const expected = Array.from({ length: rounds }, (_, round) => contentOf(partition, round));
    const found = visible.map(([, line]) => Number(line.split(' ').at(-1)));
    const distinct = new Set(found);
    sum.duplicated += found.length - distinct.size;
    sum.lost += expected.filter((content) => !distinct.has(content)).length;
    sum.outOfTurn += found.filter((content, i) => content !== expected[i]).length;
  });
  return sum;
}

function contentOf(partition: number, round: number): number {
  const name = nameOf(partition, round);
  const value = JSON.stringify({ event: name, count: round + 1 });
  return checksum({ key: Buffer.from(name), value: Buffer.from(value), headers: [] });
}

/** The longest time for which a partition said nothing, which has ended in this stretch of time. */
export function longestStall(
  outputs: readonly WitnessedLog[],
  stretch: { readonly from: number; readonly until: number },
): number {
  const stalls = outputs.flatMap(({ visible }) => {
    const times = visible.map(([, line]) => Number(line.split(' ')[1]));
    return times.flatMap((time, i) => {
      const isIn = i > 0 && time > stretch.from && time <= stretch.until;
      return isIn ? [time - times[i - 1]!] : [];
    });
  });
  return Math.max(...stalls);
}
