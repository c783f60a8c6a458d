import { checksum, type JavaWitness } from '@checkout/local';
import type { KafkaMessage } from 'kafkajs';
import type { AbortedSpan } from './histories.js';

/** One partition in the words of Kafka's own client, and of the broker's own files. */
export interface WitnessedLog {
  /** What a client that reads what is committed is given, a line each. */
  readonly visible: readonly (readonly [offset: number, line: string])[];
  readonly aborted: readonly AbortedSpan[];
  /** What producers have written, committed or not, and the markers at its ends. */
  readonly batches: readonly { readonly producer: string; readonly epoch: number }[];
  /** Where such a client's view ends. */
  readonly lastStable: number;
  /** Batches, records and markers between two offsets, for whoever looks at a failure. */
  lines(from: number, until: number): string[];
}

/** The partitions of a topic. */
export async function witnessed(java: JavaWitness, topic: string): Promise<WitnessedLog[]> {
  const words = (await java.say(topic)).map((line) => line.split(' '));
  const byPartition = Map.groupBy(words, ([, partition]) => Number(partition));
  return [...byPartition].sort(([a], [b]) => a - b).map(([, own]) => logOf(own));
}

function logOf(words: readonly string[][]): WitnessedLog {
  const said = (kind: string): string[][] =>
    words.flatMap(([first, , ...rest]) => (first === kind ? [rest] : []));
  const records = new Map(said('record').map((line) => [Number(line[0]), line.join(' ')]));
  return {
    visible: said('visible').map(([offset]) => [Number(offset), records.get(Number(offset))!]),
    aborted: abortedIn(said('batch'), said('ending')),
    batches: said('batch').map(([, , producer = '', epoch]) => ({
      producer,
      epoch: Number(epoch),
    })),
    lastStable: Number(said('stable')[0]?.[0]),
    lines: (from, until) =>
      words.flatMap(([kind, , offset, ...rest]) => {
        const isThere = Number(offset) >= from && Number(offset) < until;
        return isThere ? [`  ${offset} ${kind} ${rest.join(' ')}`] : [];
      }),
  };
}

function abortedIn(
  batches: readonly string[][],
  endings: readonly string[][],
): readonly AbortedSpan[] {
  const ends = new Map(endings.map(([offset, ending]) => [offset, ending]));
  const open = new Map<string, number>();
  const aborted: AbortedSpan[] = [];
  for (const [base = '', , producer = '', , transactional, control] of batches) {
    const first = open.get(producer);
    if (control === 'true') {
      open.delete(producer);
      if (ends.get(base) === 'abort' && first !== undefined) {
        aborted.push({ first, marker: Number(base) });
      }
    } else if (transactional === 'true' && first === undefined) open.set(producer, Number(base));
  }
  return aborted;
}

/** A record that kafkajs has read, in the same words. */
export function lineOf({ offset, timestamp, key, value, headers }: KafkaMessage): string {
  const named = Object.entries(headers ?? {}).map(([name, one]) => [name, one as Buffer] as const);
  return `${offset} ${timestamp} ${checksum({ key, value, headers: named })}`;
}
