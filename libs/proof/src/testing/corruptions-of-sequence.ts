import type { TopicKey } from '../log-view.js';
import type { Draft } from './draft.js';
import {
  committed,
  corruption,
  orderIdOf,
  readersOf,
  type Corruption,
  type DraftRecord,
} from './planting.js';
import { readOf } from './simulated-consumers.js';

/** As if each had been written in the other’s place: whoever has read them has read them so. */
function exchange(draft: Draft, one: DraftRecord, other: DraftRecord): void {
  const rows = [...draft.orders.outbox, ...draft.payments.outbox];
  const places = [...draft.orders.facts, ...rows.flatMap(({ published }) => published ?? [])];
  const here = places.filter((place) => isAt(place, one));
  const there = places.filter((place) => isAt(place, other));
  const { key, value, headers } = one;
  Object.assign(one, { key: other.key, value: other.value, headers: other.headers });
  Object.assign(other, { key, value, headers });
  for (const place of here) place.offset = other.offset;
  for (const place of there) place.offset = one.offset;
  for (const record of [one, other]) {
    for (const read of readersOf(draft, record)) Object.assign(read, readOf(record));
  }
}

type Place = Pick<DraftRecord, 'topic' | 'partition' | 'offset'>;

function isAt(place: Place, { topic, partition, offset }: Place): boolean {
  return place.topic === topic && place.partition === partition && place.offset === offset;
}

/** The later of two events about one thing lies before the earlier: each is there but once. */
function backwards(key: TopicKey, earlier: string, later: string): Corruption {
  return corruption('A06', `a ${later} lies before the ${earlier} that it follows`, (draft) => {
    const [first, second] = [earlier, later].map((type) =>
      Map.groupBy(committed(draft, key, type), orderIdOf),
    );
    for (const [orderId, [before, again]] of first ?? []) {
      const [after, repeated] = second?.get(orderId) ?? [];
      if (!before || !after || again || repeated) continue;
      exchange(draft, before, after);
      return true;
    }
    return false;
  });
}

/** What is about one order lies in order, as cause and effect. */
export const corruptionsOfSequence: readonly Corruption[] = [
  backwards('outboxPayment', 'PaymentSucceeded', 'PaymentRefunded'),
  backwards('outboxOrder', 'OrderPlaced', 'OrderCancelRequested'),
  backwards('outboxOrder', 'OrderPlaced', 'OrderOverdue'),
  backwards('checks', 'OrderOpened', 'FraudCleared'),
  backwards('checks', 'OrderOpened', 'StockReserved'),
  backwards('checks', 'OrderOpened', 'StockRefused'),
  backwards('checks', 'OrderOpened', 'FraudRefused'),
  backwards('checks', 'OrderOpened', 'PaymentClosed'),
];
