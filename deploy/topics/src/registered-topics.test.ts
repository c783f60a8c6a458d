import { expect, it } from 'vitest';
import { registeredTopics } from './registered-topics.js';

const names = registeredTopics().map((topic) => topic.name);

it('names each topic once', () => {
  expect(new Set(names).size).toBe(names.length);
});

it('has business topics, changelogs and heartbeats', () => {
  expect(names).toEqual(
    expect.arrayContaining([
      'outbox.order',
      'enrichment.stock.changelog',
      '__debezium-heartbeat.orders',
    ]),
  );
});

it('has a topic to park on for each group with Kafka transactions, and for no other', () => {
  const parking = names.filter((name) => name.endsWith('.dlq'));
  expect(parking).toContain('outbox.order.enrichment.split.dlq');
  expect(parking).toContain('outbox.payment.ledger.book.dlq');
  // The tables `parked` hold what these cannot read.
  expect(parking.filter((name) => /\.(order|payment)\.\w+\.dlq$/.test(name))).toEqual([]);
  expect(names.filter((name) => name.includes('connect'))).toEqual([]);
});
