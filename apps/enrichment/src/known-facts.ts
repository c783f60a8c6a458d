import { byTime, type KnownFact } from '@checkout/api';
import type { InputRecord, KeyReader } from '@checkout/eos';
import { InvalidEvent, partitionOf, readEvent, topics } from '@checkout/events';
import { HOP_EVENTS, hopOf, placeOf } from './hop.js';

/**
 * The way of one order through this service, read from the topics themselves: it has no database,
 * and its stores keep of an order that is over only what guards against repeats.
 *
 * Guarantee: every answer about the order and its outcome, each by the record that says it, dated
 * by that record; one that was told again is shown as a repeat.
 * When to look follows from the order's id, which begins with the time at which it was made, so no
 * topic is read from its start. Answers come within seconds; where an outcome is not found so soon,
 * the order may have waited for change data capture, and the look goes on for longer.
 * Not promised: what came after the look's end, such as stock that is given back when somebody
 * cancels the next day; what is older than the topics' retention.
 */
const OF_AN_ORDER = [topics.checks, topics.ordersApproved, topics.ordersRejected] as const;
/** Clocks of one installation differ by less. */
const BEFORE_MS = 5_000;
/** Twice the time after which an undecided order is overdue; then longer than any outage. */
const AFTERWARDS_MS = [120_000, 3_600_000];
const OUTCOMES: readonly string[] = [topics.ordersApproved.name, topics.ordersRejected.name];

export async function knownFacts(reader: KeyReader, orderId: string): Promise<KnownFact[]> {
  let records: readonly InputRecord[] = [];
  for (const afterwardsMs of AFTERWARDS_MS) {
    records = await recordsOf(reader, orderId, afterwardsMs);
    if (records.some(({ topic }) => OUTCOMES.includes(topic))) break;
  }
  const told = new Set<string>();
  return records.map((record) => factOf(record, told)).toSorted(byTime);
}

async function recordsOf(
  reader: KeyReader,
  orderId: string,
  afterwardsMs: number,
): Promise<InputRecord[]> {
  const madeAt = timeOf(orderId);
  const read = await Promise.all(
    OF_AN_ORDER.map(({ name: topic, partitions }) =>
      reader.read({
        topic,
        partition: partitionOf(orderId, partitions),
        key: orderId,
        fromMs: Math.max(madeAt - BEFORE_MS, 0),
        untilMs: madeAt + afterwardsMs,
      }),
    ),
  );
  return read.flat();
}

/** The first 48 bits of a UUIDv7 are milliseconds since the epoch. */
function timeOf(orderId: string): number {
  return Number.parseInt(orderId.replace('-', '').slice(0, 12), 16);
}

function factOf(record: InputRecord, told: Set<string>): KnownFact {
  try {
    const event = readEvent(record, ...HOP_EVENTS);
    const hop = hopOf(event, record);
    if (told.has(event.id)) return { ...hop, what: 'repeat', text: `Told again: ${hop.text}` };
    told.add(event.id);
    return hop;
  } catch (error) {
    if (!(error instanceof InvalidEvent)) throw error;
    return { ...placeOf(record), what: 'parked', text: `It cannot be read: ${error.message}` };
  }
}
