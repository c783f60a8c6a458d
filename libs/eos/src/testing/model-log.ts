/**
 * The log that a history leaves in one partition, and what a broker answers to a fetch of it.
 *
 * Which records are visible is known from how the history goes on, not from the list of aborted
 * Kafka transactions that comes with a fetch: so the list, and whoever reads by it, can be judged.
 */
import type { FilterMessage } from '../patch-check.js';
import type { AbortedSpan, Ending, Fetch, Step } from './histories.js';

interface RecordBatch {
  readonly messages: readonly FilterMessage[];
  readonly first: number;
  /** The offset behind it. */
  readonly end: number;
  fate: 'open' | 'visible' | 'aborted' | 'marker';
}

/** An entry of the broker's index: appended when an abort marker is, and never sorted. */
interface IndexEntry extends AbortedSpan {
  readonly producerId: string;
  readonly lastStable: number;
}

export interface ModelLog {
  readonly batches: readonly RecordBatch[];
  readonly aborted: readonly IndexEntry[];
  /** Where the oldest open Kafka transaction begins: nobody who reads what is committed sees it. */
  readonly lastStable: number;
}

const OUTSIDE = '-1';
const MARKERS: Readonly<Record<Ending, number>> = { aborts: 0, 'is replaced': 0, commits: 1 };

export function logOf(history: readonly Step[]): ModelLog {
  const batches: RecordBatch[] = [];
  const aborted: IndexEntry[] = [];
  const open = new Map<number, RecordBatch[]>();
  const end = (): number => batches.at(-1)?.end ?? 0;
  const lastStable = (): number => Math.min(end(), ...[...open.values()].map(firstOf));

  const append = (producerId: string, keys: readonly (Buffer | null)[], control = false) => {
    const first = end();
    const batchContext = { producerId, inTransaction: producerId !== OUTSIDE };
    const messages = keys.map((key, i) => {
      return { offset: String(first + i), key, isControlRecord: control, batchContext };
    });
    const batch: RecordBatch = { messages, first, end: first + keys.length, fate: 'open' };
    batches.push(batch);
    return batch;
  };

  for (const step of history) {
    if (step.does === 'sends') {
      const keys = step.records.map(({ key }) => key);
      const producerId = step.who === 'nobody' ? OUTSIDE : String(step.who);
      const batch = append(producerId, keys);
      if (step.who === 'nobody') batch.fate = 'visible';
      else open.set(step.who, [...(open.get(step.who) ?? []), batch]);
      continue;
    }
    const ended = open.get(step.who);
    if (!ended) continue;
    const producerId = String(step.who);
    const marker = append(producerId, [Buffer.from([0, 0, 0, MARKERS[step.does]])], true);
    marker.fate = 'marker';
    open.delete(step.who);
    for (const batch of ended) batch.fate = step.does === 'commits' ? 'visible' : 'aborted';
    if (step.does === 'commits') continue;
    const span = { first: firstOf(ended), marker: marker.first };
    aborted.push({ producerId, ...span, lastStable: lastStable() });
  }
  return { batches, aborted, lastStable: lastStable() };
}

const firstOf = ([batch]: readonly RecordBatch[]): number => batch?.first ?? 0;

export interface Answer {
  readonly from: number;
  /** A record batch is sent whole; the client drops what lies before the offset it asked for. */
  readonly messages: FilterMessage[];
  readonly abortedTransactions: { producerId: string; firstOffset: string }[];
  readonly visible: readonly number[];
}

/**
 * As a leader answers: batches up to the last stable offset, and those aborted Kafka transactions
 * that reach into them. It knows the end of what it sends only roughly, and lists some too many.
 */
export function answerTo({ start, batches: count }: Fetch, log: ModelLog): Answer {
  const from = log.lastStable === 0 ? 0 : start % log.lastStable;
  const stable = log.batches.filter(({ end }) => end <= log.lastStable);
  const first = stable.findIndex(({ end }) => end > from);
  const sent = first < 0 ? [] : stable.slice(first, first + count);
  const upTo = stable[first + count + (start % 3)]?.end ?? log.lastStable;

  const stop = log.aborted.findIndex(({ lastStable }) => lastStable >= upTo);
  const searched = stop < 0 ? log.aborted : log.aborted.slice(0, stop + 1);
  const reaching = searched.filter((one) => one.marker >= from && one.first < upTo);
  const isAsked = ({ offset }: FilterMessage): boolean => Number(offset) >= from;
  const sentWith = (fates: readonly RecordBatch['fate'][]): FilterMessage[] =>
    sent.filter(({ fate }) => fates.includes(fate)).flatMap(({ messages }) => messages);
  return {
    from,
    messages: sent.flatMap(({ messages }) => messages).filter(isAsked),
    abortedTransactions: reaching.map(({ producerId, first: offset }) => {
      return { producerId, firstOffset: String(offset) };
    }),
    visible: sentWith(['visible'])
      .filter(isAsked)
      .map(({ offset }) => Number(offset)),
  };
}
