import { expect, it } from 'vitest';
import type { Marker } from './evidence/kafka-log.js';
import { metBy } from './met.js';
import { draftOf } from './testing/draft.js';
import type { DraftRecord } from './testing/planting.js';
import { World } from './testing/simulated-world.js';

const nothing = () => draftOf(new World(1).evidence());

function written(offset: number, producerId: bigint): DraftRecord {
  const place = { topic: 't', partition: 0, offset };
  const what = { timestamp: 0, key: null, value: null, headers: {} };
  return { ...place, producerId, epoch: 0, transactional: true, ...what };
}

function ended(offset: number, producerId: bigint, ending: Marker['ending']): Marker {
  return { offset, producerId, epoch: 0, ending, timestamp: 0 };
}

function logOf(records: DraftRecord[], markers: Marker[]) {
  const ends = { start: 0, lastStable: 20, end: 20 };
  return { topic: 't', partition: 0, ...ends, records, markers };
}

it('has met nothing when nothing went wrong', () => {
  expect(new Set(Object.values(metBy(nothing())))).toEqual(new Set([0]));
});

it('counts aborts of Kafka transactions that had written, and those that overlap', () => {
  const draft = nothing();
  draft.kafka.logs = [
    logOf(
      [written(0, 1n), written(1, 2n), written(4, 1n), written(6, 2n), written(8, 1n)],
      [
        // The second began before the first had ended, and 3n has written nothing.
        ...[ended(2, 1n, 'abort'), ended(3, 2n, 'abort')],
        ...[ended(5, 1n, 'abort'), ended(7, 2n, 'commit')],
        ...[ended(9, 3n, 'abort'), ended(10, 1n, 'abort')],
      ],
    ),
  ];
  expect(metBy(draft)).toMatchObject({ aborts: 4, overlappingAborts: 1 });
});

it('counts what clients never learned, and what they sent again', () => {
  const draft = nothing();
  const sending = (key: string, result: 'ok' | 'unknown') => ({
    ...{ op: 'place' as const, customerId: 'c', key, bodyHash: 'h', result },
    ...{ orderId: null, responseHash: null },
  });
  draft.recordings.history = [
    sending('a', 'unknown'),
    sending('a', 'ok'),
    sending('b', 'ok'),
    { ...sending('a', 'ok'), op: 'cancel' },
  ];
  expect(metBy(draft)).toMatchObject({ unknownAnswers: 1, repeats: 1 });
});

it('counts attempts that were made after one that had failed', () => {
  const draft = nothing();
  const attempt = { orderId: 'o', operation: 'confirm', key: '', state: '', evidence: null };
  const times = { createdAt: 0, decidedAt: null };
  draft.payments.attempts = [1, 2, 3].map((n) => ({ ...attempt, ...times, attempt: n }));
  expect(metBy(draft)).toMatchObject({ furtherAttempts: 2 });
});

it('counts partitions that were taken over, and what was read again there', () => {
  const draft = nothing();
  const where = { group: 'g', topic: 't', partition: 0 };
  const took = { kind: 'took' as const, ...where, position: null };
  const read = (...offsets: number[]) => ({
    ...{ kind: 'read' as const, ...where, at: 0 },
    records: offsets.map((offset) => ({ offset, id: null, hash: '' })),
  });
  draft.recordings.consumed = [
    { incarnation: 'one', events: [took, read(0, 1)] },
    { incarnation: 'two', events: [took, read(1, 2), { ...took, partition: 1 }] },
  ];
  expect(metBy(draft)).toMatchObject({ takeovers: 1, readAgain: 1 });
});
