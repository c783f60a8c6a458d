import { eventId, topics, type EventType } from '@checkout/events';
import type { AnySeen, LogView, TopicKey, Unreadable } from '../log-view.js';
import { placeOf, type DataRecord } from '../evidence/kafka-log.js';
import { parkedPlaces } from '../invariants/parked.js';
import { BookModel } from './book.js';
import { FraudModel } from './fraud.js';
import { JoinModel } from './join.js';
import { NOTHING, type Answer, type Owed, type Put } from './output.js';
import { split } from './split.js';
import { StockModel } from './stock.js';

/**
 * Every stage from topic to topic, run again over what it has read: its committed input, partition
 * by partition, in order of offset. What it owes for each input is then held against what is there.
 */
export interface Stage {
  readonly group: string;
  readonly reads: readonly TopicKey[];
  /** A fresh state at each call. */
  start(): (event: never) => Answer;
  /** Whether a parked record that names an order must end that order's wait. */
  readonly endsTheWait: boolean;
}

export const stages: readonly Stage[] = [
  {
    group: 'enrichment.split',
    reads: ['outboxOrder', 'outboxCatalogue', 'outboxPayment'],
    start: () => (event) => ({ owed: split(event), puts: [] }),
    endsTheWait: true,
  },
  {
    group: 'enrichment.inventory',
    reads: ['inventory'],
    start: () => {
      const stock = new StockModel();
      return (event) => stock.answer(event);
    },
    endsTheWait: true,
  },
  {
    group: 'enrichment.fraud',
    reads: ['fraud'],
    start: () => {
      const fraud = new FraudModel();
      return (event) => fraud.answer(event);
    },
    endsTheWait: true,
  },
  {
    group: 'enrichment.checks',
    reads: ['checks'],
    start: () => {
      const join = new JoinModel();
      return (event) => join.answer(event);
    },
    endsTheWait: true,
  },
  {
    group: 'ledger.book',
    reads: ['outboxPayment'],
    start: () => {
      const book = new BookModel();
      return (event) => ({ owed: book.answer(event), puts: [] });
    },
    endsTheWait: false,
  },
];

/** Topics that stages write: what is on them must be owed by somebody. */
export const written: readonly TopicKey[] = [
  'inventory',
  'fraud',
  'checks',
  'inventoryLevels',
  'ordersApproved',
  'ordersRejected',
  'ledger',
];

export interface Rerun {
  readonly inputs: number;
  readonly owed: readonly Owed[];
  /** What its store must hold now: the last of each key. */
  readonly kept: readonly Put[];
  /** Unreadable records that the stage has not parked. */
  readonly dropped: readonly Unreadable[];
}

export function rerun(stage: Stage, log: LogView): Rerun {
  const answer = stage.start();
  const owed: Owed[] = [];
  const kept = new Map<string, Put>();
  const dropped: Unreadable[] = [];
  let inputs = 0;
  for (const key of stage.reads) {
    const parked = parkedPlaces(log, key, stage.group);
    for (const event of log.events(key)) {
      inputs++;
      const isParked = parked.has(placeOf(event.record));
      if (isParked) owed.push(...endOfWait(stage, event.record));
      const { owed: due, puts } = isParked ? NOTHING : answer(event as never);
      owed.push(...due);
      for (const put of puts) kept.set(put.key, put);
    }
    for (const unreadable of log.unreadable(key)) {
      inputs++;
      if (!parked.has(placeOf(unreadable.record))) dropped.push(unreadable);
      else owed.push(...endOfWait(stage, unreadable.record));
    }
  }
  return { inputs, owed, kept: [...kept.values()], dropped };
}

const CHECK_FAILED: EventType & 'CheckFailed' = 'CheckFailed';

/** Nothing for a record that does not even name its order. */
function endOfWait({ group, endsTheWait }: Stage, record: DataRecord): Owed[] {
  const orderId = endsTheWait ? orderNamedBy(record) : undefined;
  if (orderId === undefined) return [];
  const { topic, partition, offset, headers } = record;
  const stage = group.split('.')[1] ?? '';
  return [
    {
      topic: 'checks',
      id: eventId(orderId, CHECK_FAILED, `${topic}/${partition}/${offset}`),
      type: CHECK_FAILED,
      key: orderId,
      causationId: headers['id'] ?? orderId,
      payload: { orderId, stage, reason: '', occurredAt: '' },
    },
  ];
}

const ORDER_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

function orderNamedBy({ topic, key, value }: DataRecord): string | undefined {
  const named = parsed(value);
  if (named !== undefined && ORDER_ID.test(named)) return named;
  const keyIsOrder = Object.values(topics).some(
    (one) => one.name === topic && one.key === 'order id',
  );
  return keyIsOrder && key !== null && ORDER_ID.test(key) ? key : undefined;
}

function parsed(value: string | null): string | undefined {
  try {
    const orderId = (JSON.parse(value ?? 'null') as { orderId?: unknown } | null)?.orderId;
    return typeof orderId === 'string' ? orderId : undefined;
  } catch {
    return undefined;
  }
}

export function sameEvent({ type, payload }: AnySeen, owed: Owed): boolean {
  return type === owed.type && comparable(type, payload) === comparable(owed.type, owed.payload);
}

/** What is said to people in words is left out; of a parked record the time may be anybody's. */
function comparable(type: EventType, payload: object): string {
  return canonical(payload, (name) => {
    if (name === 'text') return true;
    if (type !== 'CheckFailed') return false;
    const { stage } = payload as { stage?: unknown };
    return name === 'reason' || (name === 'occurredAt' && stage !== 'watchdog');
  });
}

/** The same text for equal values, in whatever order their fields stand. */
export function canonical(
  value: unknown,
  leftOut: (name: string) => boolean = () => false,
): string {
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one, leftOut)).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const fields = Object.entries(value).filter(([name, one]) => one !== undefined && !leftOut(name));
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, one]) => `${name}:${canonical(one, leftOut)}`).join()}}`;
}
