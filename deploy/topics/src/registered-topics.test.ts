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

it('has a place to park for each group that reads a topic, and for none that parks nothing', () => {
  expect(names).toContain('outbox.order.enrichment.split.dlq');
  expect(names).toContain('ledger.order.status.dlq');
  expect(names.filter((name) => name.includes('connect'))).toEqual([]);
});
