import { topics } from '@checkout/events';
import { expect, it } from 'vitest';
import { stagesOf } from '@checkout/eos-nest';
import { BookStage } from './book.stage.js';
import { book, cancelled, declined, paid, refunded } from './testing/books.js';

it('books nothing where no money has moved, and says why', () => {
  expect(book(declined, cancelled)).toEqual([
    'skip: declined: no money has moved',
    'skip: cancelled: no money has moved',
  ]);
});

it('reads every event of its topic', () => {
  const events = [paid(), refunded(), declined, cancelled];
  expect(new Set(events.map(({ type }) => type))).toEqual(new Set(topics.outboxPayment.events));
  const [stage] = stagesOf(new BookStage());
  for (const { id, type, causationId, payload } of events) {
    const headers = { id, type, 'schema-version': '1', 'causation-id': causationId };
    const value = Buffer.from(JSON.stringify(payload));
    const place = { topic: topics.outboxPayment.name, partition: 0, offset: 0n, timestamp: 0 };
    expect(stage?.decode({ ...place, key: id, headers, value })).toMatchObject({ type, payload });
  }
});
